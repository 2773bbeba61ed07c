const deepest = 128;

export type EntryPath =
  | { readonly ok: true; readonly parts: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** A name inside an archive as the parts of a path below its root; empty for the root itself. */
export function entryPath(name: string): EntryPath {
  const refuse = (why: string): EntryPath => ({
    ok: false,
    error: `archive entry ${JSON.stringify(name.slice(0, 200))} ${why}`,
  });
  if (name.includes("\0")) return refuse("has a NUL in its name");
  if (name.startsWith("/")) return refuse("has an absolute path");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) return refuse('leads out of its folder by ".."');
  if (parts.length > deepest) return refuse(`is more than ${deepest} folders deep`);
  return { ok: true, parts };
}

/** A file's name alone, without any way to another folder. */
export const isPlainName = (name: string): boolean =>
  name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name) && name.length <= 255;
