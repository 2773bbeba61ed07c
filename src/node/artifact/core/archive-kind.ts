export type Compression = "none" | "gzip" | "bzip2" | "xz" | "zstd";
/** A `file` is one compressed file, the others hold a tree. */
export interface ArchiveKind {
  readonly name: string;
  readonly form: "tar" | "zip" | "file";
  readonly compression: Compression;
}

const kinds: readonly ArchiveKind[] = [
  { name: "tar", form: "tar", compression: "none" },
  { name: "tar.gz", form: "tar", compression: "gzip" },
  { name: "tgz", form: "tar", compression: "gzip" },
  { name: "tar.bz2", form: "tar", compression: "bzip2" },
  { name: "tbz2", form: "tar", compression: "bzip2" },
  { name: "tar.xz", form: "tar", compression: "xz" },
  { name: "txz", form: "tar", compression: "xz" },
  { name: "tar.zst", form: "tar", compression: "zstd" },
  { name: "tzst", form: "tar", compression: "zstd" },
  { name: "zip", form: "zip", compression: "none" },
  { name: "gz", form: "file", compression: "gzip" },
  { name: "bz2", form: "file", compression: "bzip2" },
  { name: "xz", form: "file", compression: "xz" },
  { name: "zst", form: "file", compression: "zstd" },
];

export type ArchiveChoice =
  | { readonly ok: true; readonly kind: ArchiveKind | undefined }
  | { readonly ok: false; readonly error: string };

/** What to unpack: as the option says, else by the name's ending. `archive = false` leaves the file as it is. */
export function chooseArchive(option: string | undefined, fileName: string): ArchiveChoice {
  if (option === undefined || option === "" || /^(?:1|t|true)$/i.test(option))
    return { ok: true, kind: byEnding(fileName) };
  if (/^(?:0|f|false)$/i.test(option)) return { ok: true, kind: undefined };
  const kind = kinds.find(({ name }) => name === option);
  if (kind) return { ok: true, kind };
  const known = kinds
    .map(({ name }) => name)
    .sort()
    .join(", ");
  return { ok: false, error: `unknown archive type ${JSON.stringify(option)}; known are ${known}` };
}

/** The file's name without the ending that told its compression. */
export const withoutEnding = (fileName: string, { name }: ArchiveKind): string =>
  fileName.endsWith(`.${name}`) && fileName.length > name.length + 1
    ? fileName.slice(0, -name.length - 1)
    : fileName;

/** The longest ending wins: `tar.gz` before `gz`. */
const byEnding = (fileName: string): ArchiveKind | undefined =>
  kinds
    .filter(({ name }) => fileName.endsWith(`.${name}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
