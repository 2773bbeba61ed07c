import { AppError } from "../../lib/errors.ts";

/** What kept one artifact from being there. Another try may find the server, the name or the disk in better shape. */
export const failure = (message: string, cause?: unknown): AppError =>
  new AppError("driver", message, {
    ...(cause === undefined ? {} : { cause }),
    fields: { recoverable: true },
  });
