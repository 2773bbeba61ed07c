import type { TaskArtifact } from "../../../model/job.ts";
import { chooseArchive, withoutEnding } from "./archive-kind.ts";
import type { ArchiveKind } from "./archive-kind.ts";
import { parseChecksum } from "./checksum.ts";
import type { Checksum } from "./checksum.ts";
import { placeOf } from "./destination.ts";
import type { Roots } from "./destination.ts";
import { isPlainName } from "./entry-path.ts";
import { parseSource } from "./source.ts";
import type { ArtifactSource } from "./source.ts";
import { lastPart } from "./url-parts.ts";

/** What is to be done for one artifact, with every word of it checked. */
export interface ArtifactPlan {
  readonly source: ArtifactSource;
  readonly archive: ArchiveKind | undefined;
  readonly checksum: Checksum | undefined;
  /** A folder to fill, or the place of one file; parts below the allocation's directory. */
  readonly target: { readonly kind: "folder" | "file"; readonly parts: readonly string[] };
  readonly headers: Readonly<Record<string, string>>;
  readonly isInsecure: boolean;
  readonly chown: boolean;
}
export type PlanResult =
  | { readonly ok: true; readonly plan: ArtifactPlan }
  | { readonly ok: false; readonly error: string };

/** Decides how an artifact is fetched, and to where. All text is interpolated already, so it is judged here. */
export function planArtifact(artifact: TaskArtifact, roots: Roots): PlanResult {
  const place = placeOf(artifact.RelativeDest, roots);
  if (place === undefined) return refuse("artifact destination path escapes alloc directory");
  const parsed = parseSource(artifact.GetterSource, artifact.GetterOptions ?? {});
  if (!parsed.ok) return parsed;
  const { source } = parsed;
  const checksum = parseChecksum(source.checksum);
  if (!checksum.ok) return checksum;
  const target = source.kind === "git" ? gitTarget(source) : httpTarget(source, artifact);
  if (!target.ok) return target;
  if (source.kind === "git" && checksum.checksum !== undefined)
    return refuse("a checksum cannot be given for a git repository: use ref with a commit");
  const isFile = artifact.GetterMode === "file";
  if (isFile && place.length < 2) return refuse("the destination of a file must name the file");
  const parts = target.fileName === undefined || isFile ? place : [...place, target.fileName];
  const kind = isFile || target.fileName !== undefined ? "file" : "folder";
  return {
    ok: true,
    plan: {
      source,
      archive: target.archive,
      checksum: checksum.checksum,
      target: { kind, parts },
      headers: artifact.GetterHeaders ?? {},
      isInsecure: artifact.GetterInsecure,
      chown: artifact.Chown,
    },
  };
}

interface Target {
  readonly ok: true;
  readonly archive: ArchiveKind | undefined;
  /** The file's name inside the destination; undefined when that is a folder to fill. */
  readonly fileName: string | undefined;
}
type Refusal = { readonly ok: false; readonly error: string };

const refuse = (error: string): Refusal => ({ ok: false, error });

function gitTarget({ archive }: ArtifactSource): Target | Refusal {
  const isNone = archive === undefined || /^(?:|0|f|false)$/i.test(archive);
  if (!isNone) return refuse("the archive option cannot be given for a git repository");
  return { ok: true, archive: undefined, fileName: undefined };
}

function httpTarget(source: ArtifactSource, { GetterMode }: TaskArtifact): Target | Refusal {
  const name = lastPart(source.url);
  const chosen = chooseArchive(source.archive, name);
  if (!chosen.ok) return chosen;
  const { kind } = chosen;
  if (kind !== undefined && kind.form !== "file")
    return { ok: true, archive: kind, fileName: undefined };
  if (source.subpath.length > 0) return refuse("a folder behind // needs an archive or git");
  if (GetterMode === "dir")
    return refuse('mode "dir" needs an archive or a git repository, and this is one file');
  if (GetterMode === "file") return { ok: true, archive: kind, fileName: undefined };
  const given = source.fileName ?? "";
  const fileName = given === "" ? plainName(name, kind) : given;
  if (!isPlainName(fileName))
    return refuse(
      given === ""
        ? "the source names no file: give it a name by the filename option"
        : `filename ${JSON.stringify(given)} is no plain name of a file`,
    );
  return { ok: true, archive: kind, fileName };
}

const plainName = (name: string, kind: ArchiveKind | undefined): string =>
  kind === undefined ? name : withoutEnding(name, kind);

/** Everything that decides about the result: another text is another artifact, which has not been fetched yet. */
export const identityText = (artifact: TaskArtifact): string =>
  JSON.stringify([
    artifact.GetterSource,
    sorted(artifact.GetterOptions),
    sorted(artifact.GetterHeaders),
    artifact.GetterMode,
    artifact.GetterInsecure,
    artifact.RelativeDest,
    artifact.Chown,
  ]);

const sorted = (map: TaskArtifact["GetterHeaders"]): readonly (readonly [string, string])[] =>
  Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** The source for people: passwords and keys are left out, as in Go's redacted addresses. */
export function shownSource(text: string): string {
  return text
    .replace(/(:\/\/[^/?#@:]*):[^/?#]*@/, "$1:xxxxx@")
    .replace(
      /([?&](?:sshkey|aws_access_key_secret|aws_access_token|x-amz-[a-z-]+|token|access_token|password|sig|signature)=)[^&#]*/gi,
      "$1redacted",
    );
}
