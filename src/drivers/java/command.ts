import { execFile } from "node:child_process";
import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { errorText } from "../../lib/errors.ts";

export interface JavaFound {
  /** Where the program really is, behind all links. */
  readonly path: string;
  readonly attributes: { readonly [attribute: string]: string };
}
const answerMs = 20_000;

/**
 * The first `java` of the search path, and what it says of itself; a text says why there is none. It takes a whole
 * virtual machine to say it, so the same file is asked only once.
 */
export function rememberJava(searchPath: string): () => Promise<JavaFound | string> {
  let known:
    | { readonly path: string; readonly changedMs: number; readonly found: JavaFound }
    | undefined;
  return async () => {
    const path = searchPath
      .split(":")
      .map((folder) => join(folder, "java"))
      .find((one) => statSync(one, { throwIfNoEntry: false })?.isFile() === true);
    if (path === undefined) return "java is not on the search path";
    const changedMs = statSync(path).mtimeMs;
    if (known?.path === path && known.changedMs === changedMs) return known.found;
    const found = await askJava(path);
    known = typeof found === "string" ? undefined : { path, changedMs, found };
    return found;
  };
}

async function askJava(path: string): Promise<JavaFound | string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ["-version"], {
      timeout: answerMs,
      killSignal: "SIGKILL",
    });
    const said = readVersion(`${stderr}\n${stdout}`);
    return said === undefined
      ? `${path} -version says nothing of a version`
      : { path: realpathSync(path), attributes: said };
  } catch (thrown) {
    return `${path} does not work: ${errorText(thrown)}`;
  }
}

/** Three lines: the version in quotes, the runtime, the virtual machine. Options in the environment come as a line before. */
export function readVersion(text: string): { readonly [attribute: string]: string } | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const at = lines.findIndex((line) => /version "[^"]*"/.test(line));
  const version = /version "([^"]*)"/.exec(lines[at] ?? "")?.[1];
  if (version === undefined) return undefined;
  return { version, runtime: lines[at + 1] ?? "", vm: lines[at + 2] ?? "" };
}

/** The installation around the program: what it needs besides itself lies next to its folder. */
export function homeOf(path: string): string {
  const folder = dirname(path);
  return basename(folder) === "bin" ? dirname(folder) : folder;
}
