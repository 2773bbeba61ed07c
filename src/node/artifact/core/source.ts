import { takeFromQuery } from "./url-parts.ts";

/** Where an artifact comes from, with what the query and the options say beside it. */
export type ArtifactSource = {
  readonly subpath: readonly string[];
  readonly archive: string | undefined;
  readonly checksum: string | undefined;
  readonly fileName: string | undefined;
} & (
  | { readonly kind: "http"; readonly url: string }
  | {
      readonly kind: "git";
      readonly url: string;
      readonly ref: string | undefined;
      readonly depth: number;
      /** The private key's text. */
      readonly sshKey: string | undefined;
    }
);
export type SourceResult =
  | { readonly ok: true; readonly source: ArtifactSource }
  | { readonly ok: false; readonly error: string };
export type Options = Readonly<Record<string, string>>;

const commonKeys = ["archive", "checksum", "filename"];
const gitKeys = new Set([...commonKeys, "ref", "sshkey", "depth"]);
const httpKeys = new Set(commonKeys);
const shorthands = ["github.com", "gitlab.com", "bitbucket.org"];
const elsewhere: Readonly<Record<string, string>> = {
  s3: "use the object's https:// address (a presigned one for a private bucket)",
  gcs: "use the object's https:// address (a signed one for a private bucket)",
  hg: "publish an archive of the repository and use its https:// address",
  file: "mount the files as a host volume, or serve them over https://",
};

/**
 * Reads a source as job files spell it: `https://..`, `git::https://..`, `git@host:path`, `github.com/org/repo`, each
 * with `//folder` for a part of what is there, and with options in its query or beside it.
 */
export function parseSource(text: string, options: Options): SourceResult {
  if (text === "") return refuse("the source is empty");
  if (/[\s\\\p{Cc}]/u.test(text))
    return refuse("the source has blanks, control characters or backslashes");
  const [, forced, bare = ""] = /^(?:([A-Za-z0-9+]+)::)?(.*)$/s.exec(text) ?? [];
  const located = locate(forced?.toLowerCase(), bare);
  if (!located.ok) return located;
  const split = splitAddress(located.address);
  if (!split.ok) return split;
  return located.kind === "http" ? httpSource(split, options) : gitSource(split, options);
}

type Refusal = { readonly ok: false; readonly error: string };
type Located =
  | { readonly ok: true; readonly kind: "http" | "git"; readonly address: string }
  | Refusal;

const refuse = (error: string): Refusal => ({ ok: false, error });
const unsupported = (name: string): Refusal =>
  refuse(`${name} sources are not supported by this node: ${elsewhere[name] ?? "use https://"}`);

/** Which way to fetch, and a full address with a scheme. */
function locate(forced: string | undefined, address: string): Located {
  if (/^[A-Za-z0-9+]+::/.test(address)) return refuse("a source has one PROTOCOL:: at most");
  if (forced !== undefined && forced in elsewhere) return unsupported(forced);
  const full = withScheme(address);
  if (!full.ok) return full;
  const scheme = /^([a-z0-9+.-]+):\/\//i.exec(full.address)?.[1]?.toLowerCase() ?? "";
  switch (forced) {
    case "git":
      return ["https", "http", "ssh"].includes(scheme)
        ? { ...full, kind: "git" }
        : refuse(`git over ${scheme}:// is not supported by this node: use https:// or ssh://`);
    case "http":
    case "https":
    case undefined:
      break;
    default:
      return refuse(`${forced}:: is no known protocol: use https:// or git::`);
  }
  if (full.kind === "git" && forced === undefined) return full;
  if (scheme === "http" || scheme === "https") return { ...full, kind: "http" };
  if (scheme === "ssh" || scheme === "git")
    return refuse(`${scheme}:// is no protocol of its own: write git::ssh://`);
  return scheme in elsewhere
    ? unsupported(scheme)
    : refuse(`${scheme}:// is no known protocol: use https:// or git::`);
}

/** Completes what was written without a scheme; such a shorthand means git. */
function withScheme(address: string): Located {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) return { ok: true, kind: "http", address };
  const scp = /^([A-Za-z0-9_][\w.-]*)@([^/:@]+):(.+)$/.exec(address);
  if (scp) {
    const [, user = "", host = "", path = ""] = scp;
    return { ok: true, kind: "git", address: `ssh://${user}@${host}/${path.replace(/^\/+/, "")}` };
  }
  const host = /^([^/?]+)\//.exec(address)?.[1]?.toLowerCase() ?? "";
  if (shorthands.includes(host)) return hosted(host, address.slice(host.length + 1));
  if (/(?:^|\.)s3[.-](?:.*\.)?amazonaws\.com$/.test(host)) return unsupported("s3");
  if (host === "www.googleapis.com" || host === "storage.googleapis.com") return unsupported("gcs");
  return unsupported("file");
}

/** `org/repo/folder?ref=x` on a host of repositories. */
function hosted(host: string, rest: string): Located {
  const [path = "", ...query] = rest.split("?");
  const [repository = "", ...sub] = path.split("//");
  const [owner = "", name = "", ...folders] = repository.split("/").filter((part) => part !== "");
  if (owner === "" || name === "") return refuse(`a ${host} source is written ${host}/ORG/REPO`);
  const inner = [...folders, ...sub].join("/");
  const url = `https://${host}/${owner}/${name.replace(/\.git$/, "")}.git`;
  const tail = [inner === "" ? "" : `//${inner}`, query.length > 0 ? `?${query.join("?")}` : ""];
  return { ok: true, kind: "git", address: url + tail.join("") };
}

interface Split {
  readonly ok: true;
  /** Without query and sub-path. */
  readonly base: string;
  readonly query: string;
  readonly subpath: readonly string[];
}

/** Takes `//folder` and the query off an address. */
function splitAddress(address: string): Split | Refusal {
  const [whole = ""] = address.split("#");
  const mark = whole.indexOf("?");
  const place = mark < 0 ? whole : whole.slice(0, mark);
  const start = place.indexOf("://") + 3;
  const cut = place.indexOf("//", start);
  const base = cut < 0 ? place : place.slice(0, cut);
  const subpath = (cut < 0 ? "" : place.slice(cut)).split("/").filter((part) => part !== "");
  if (subpath.some((part) => part === "." || part === ".."))
    return refuse("the folder behind // must not have . or .. in it");
  if (!/^[a-z0-9+.-]+:\/\/[^/?#]+/i.test(base)) return refuse("the source names no host");
  return { ok: true, base, query: mark < 0 ? "" : whole.slice(mark + 1), subpath };
}

function httpSource({ base, query, subpath }: Split, options: Options): SourceResult {
  const { taken, rest } = takeFromQuery(withOptions(query, options), httpKeys);
  const url = parsed(rest === "" ? base : `${base}?${rest}`);
  if (url === undefined || url.hostname === "") return refuse("the source is no valid address");
  return { ok: true, source: { kind: "http", url: url.href, subpath, ...commonOf(taken) } };
}

function gitSource({ base, query, subpath }: Split, options: Options): SourceResult {
  const { taken, rest } = takeFromQuery(withOptions(query, options), gitKeys);
  const url = parsed(rest === "" ? base : `${base}?${rest}`);
  const fault = url === undefined ? "the source is no valid address" : gitFault(url);
  if (url === undefined || fault !== undefined) return refuse(fault ?? "");
  const [ref, depth, key] = [taken.get("ref"), taken.get("depth"), taken.get("sshkey")];
  // What git might take for an option, or what no branch, tag or commit can be called.
  if (ref !== undefined && !/^[A-Za-z0-9_][\w./@+#-]*$/.test(ref))
    return refuse(`${JSON.stringify(ref)} cannot be a ref`);
  if (depth !== undefined && !/^\d{1,9}$/.test(depth))
    return refuse(`depth ${JSON.stringify(depth)} is no number`);
  const sshKey = key === undefined || key === "" ? undefined : decodeKey(key);
  if (key !== undefined && key !== "" && sshKey === undefined)
    return refuse("sshkey is no base64 text");
  const source = { kind: "git", url: url.href, subpath, ref, depth: Number(depth ?? 0) } as const;
  return { ok: true, source: { ...source, sshKey, ...commonOf(taken) } };
}

/** Words that reach a command line begin with nothing that a program could take for an option. */
function gitFault(url: URL): string | undefined {
  const isHost = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*)|\[[0-9a-fA-F:.]+\])$/.test(url.hostname);
  if (!isHost) return `${JSON.stringify(url.hostname)} cannot be the name of a host`;
  if (url.username !== "" && !/^[A-Za-z0-9_%][\w.%+~-]*$/.test(url.username))
    return "the user in the source has characters that no user name has";
  if (url.protocol === "ssh:" && url.password !== "")
    return "ssh takes no password: use the sshkey option";
  if (/^\/*-/.test(url.pathname)) return 'the path of a repository must not begin with "-"';
  return url.pathname === "/" || url.pathname === "" ? "the source names no repository" : undefined;
}

/** Options beside the source count as if they stood in its query, behind what is there. */
function withOptions(query: string, options: Options): string {
  const added = Object.keys(options)
    .sort()
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(options[key] ?? "")}`);
  return [...(query === "" ? [] : [query]), ...added].join("&");
}

const commonOf = (taken: ReadonlyMap<string, string>) => ({
  archive: taken.get("archive"),
  checksum: taken.get("checksum"),
  fileName: taken.get("filename"),
});

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    // The caller says that it is no address; the library's words would add nothing.
    return undefined;
  }
}

function decodeKey(text: string): string | undefined {
  try {
    // A query turns the plus of base64 into a blank.
    return atob(text.replaceAll(" ", "+").replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    // What is wrong is said by the caller.
    return undefined;
  }
}
