import { AppError } from "../../lib/errors.ts";

/** What kept one artifact from being there. Another try may find the server, the name or the disk in better shape. */
export const failure = (message: string, cause?: unknown): AppError =>
  new AppError("driver", message, {
    ...(cause === undefined ? {} : { cause }),
    fields: { recoverable: true },
  });

/** The code of a failed call of the system, such as `EXDEV`. */
export const codeOf = (thrown: unknown): string | undefined => {
  const code: unknown = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? code : undefined;
};
