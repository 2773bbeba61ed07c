export interface LogFileSize {
  readonly index: number;
  readonly size: number;
}
export interface LogPlace {
  readonly index: number;
  readonly offset: number;
}

/**
 * The place `offset` bytes after the start, or before the end, of a log that is spread over numbered files. Beyond
 * either end it is that end.
 */
export function findLogPlace(
  files: readonly LogFileSize[],
  origin: "start" | "end",
  offset: number,
): LogPlace | undefined {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  let rest = origin === "start" ? Math.min(offset, total) : Math.max(0, total - offset);
  for (const file of files) {
    if (rest <= file.size) return { index: file.index, offset: rest };
    rest -= file.size;
  }
  return undefined;
}
