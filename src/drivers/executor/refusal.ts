import { AppError } from "../../lib/errors.ts";

/** A start that can never work. */
export const refusal = (message: string): AppError =>
  new AppError("driver", message, { fields: { recoverable: false } });

/** A start that may work another time. */
export const mishap = (message: string, cause?: unknown): AppError =>
  new AppError("driver", message, {
    ...(cause === undefined ? {} : { cause }),
    fields: { recoverable: true },
  });
