import { AppError, assertNever, errorText } from "../lib/errors.ts";
import type { ErrorCode } from "../lib/errors.ts";

/** A refusal with its status and its published text, word for word: clients match on both. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = "HttpError";
    this.status = status;
  }
}

export const texts = {
  invalidMethod: "Invalid method",
  emptyBody: "Request body is empty",
  noLeader: "No cluster leader",
  noRegion: "No path to region",
  aclDisabled: "ACL support disabled",
  enterprise: "Nomad Enterprise only endpoint",
  permissionDenied: "Permission denied",
  registrationDisabled:
    "Job registration, dispatch, and scale are disabled by the scheduler configuration",
  noLocalNode: "No local Node and node_id not provided",
  noPathToNode: "No path to node",
  pathEscapes: "Path escapes the alloc directory",
  resourceNotFound: "resource not found",
} as const;

export const badRequest = (text: string): HttpError => new HttpError(400, text);
export const notFound = (text: string): HttpError => new HttpError(404, text);
/** Most refusals of a write are plain 500 texts on this wire. */
export const failed = (text: string): HttpError => new HttpError(500, text);
export const invalidMethod = (): HttpError => new HttpError(405, texts.invalidMethod);

/** The one place where a thrown thing becomes a status and a text. */
export function errorAnswer(thrown: unknown): { readonly status: number; readonly text: string } {
  if (thrown instanceof HttpError) return { status: thrown.status, text: thrown.message };
  if (thrown instanceof AppError) {
    if (thrown.code === "no-leader") return { status: 500, text: texts.noLeader };
    // Known to clients with this status, though it is the asker's mistake.
    const status = thrown.message === texts.pathEscapes ? 500 : statusOf(thrown.code);
    return { status, text: thrown.message };
  }
  return { status: 500, text: errorText(thrown) };
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case "not-found":
      return 404;
    case "invalid":
      return 400;
    case "unsupported":
      return 501;
    case "conflict":
    case "no-leader":
    case "not-leader":
    case "unavailable":
    case "timeout":
    case "storage":
    case "driver":
    case "driver-unreachable":
    case "image":
    case "cancelled":
      return 500;
    default:
      return assertNever(code);
  }
}
