import { AppError } from "../../lib/errors.ts";

/** A start that can never work with this configuration. */
export const refusal = (message: string, cause?: unknown): AppError =>
  new AppError("driver", message, { cause, fields: { recoverable: false } });
