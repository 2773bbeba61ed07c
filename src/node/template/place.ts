import { isAbsolute, join, normalize, relative } from "node:path";
import { AppError } from "../../lib/errors.ts";
import type { TaskPaths } from "../alloc-directory.ts";

/** A place below a folder that the agent made: what is behind the folder may have been made by a task. */
export interface Place {
  readonly folder: string;
  /** At least one, none of them `.` or `..`. */
  readonly segments: readonly string[];
}

type Folders = Pick<TaskPaths, "task" | "shared">;

/** Where a template is read from: an absolute path has to lie within the task's folders already. */
export const sourcePlace = (path: string, folders: Folders): Place =>
  placeOf(path, folders, "source");

/** Where a template is written: an absolute path from elsewhere counts from the task's folder. */
export const destinationPlace = (path: string, folders: Folders): Place =>
  placeOf(path, folders, "destination");

/** Paths are judged as they are after interpolation: a variable may hold anything. */
function placeOf(path: string, folders: Folders, role: "source" | "destination"): Place {
  const escapes = new AppError("invalid", `template ${role} path escapes alloc directory`);
  if (path.includes("\0")) throw escapes;
  const isOwn = isAbsolute(path) && within(path, folders) !== undefined;
  if (isAbsolute(path) && !isOwn && role === "source") throw escapes;
  const place = within(isOwn ? path : join(folders.task, path), folders);
  if (place === undefined) throw escapes;
  return place;
}

function within(path: string, { task, shared }: Folders): Place | undefined {
  for (const folder of [task, shared]) {
    const segments = relative(folder, normalize(path))
      .split("/")
      .filter((segment) => segment !== "");
    if (segments.length > 0 && segments[0] !== "..") return { folder, segments };
  }
  return undefined;
}
