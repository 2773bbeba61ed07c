import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "./certificate.ts";

const identity = {
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_ALLOW_PROTOCOL: "file",
};

/** Real repositories behind git's own http server. */
export interface GitServer {
  readonly url: string;
  /** Headers of each request, for a look at who asked how. */
  readonly seen: IncomingHttpHeaders[];
  /** Makes a repository, and gives the folder of its working tree. */
  make(name: string): string;
  /** Runs git in a folder. */
  git(folder: string, ...words: string[]): string;
  close(): void;
}

export async function startGitServer(isSecure = false): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), "git-"));
  const seen: IncomingHttpHeaders[] = [];
  const serve: RequestListener = (asked, answer) => {
    seen.push(asked.headers);
    const [path = "", query = ""] = (asked.url ?? "").split("?");
    const child = spawn("git", ["http-backend"], {
      env: {
        ...process.env,
        ...identity,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: path,
        QUERY_STRING: query,
        REQUEST_METHOD: asked.method,
        CONTENT_TYPE: asked.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: asked.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: String(asked.headers["git-protocol"] ?? ""),
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    asked.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("close", () => {
      const whole = Buffer.concat(chunks);
      const end = whole.indexOf("\r\n\r\n");
      let status = 200;
      for (const line of whole.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(": ");
        if (name === "Status") status = Number.parseInt(value, 10);
        else answer.setHeader(name, value);
      }
      answer.writeHead(status).end(whole.subarray(end + 4));
    });
  };
  const server = isSecure ? createSecureServer(selfSigned(), serve) : createServer(serve);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const git = (folder: string, ...words: string[]): string =>
    execFileSync("git", words, {
      cwd: folder,
      env: { ...process.env, ...identity },
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    }).trim();
  return {
    url: `${isSecure ? "https" : "http"}://127.0.0.1:${typeof bound === "object" ? bound?.port : 0}`,
    seen,
    git,
    make(name) {
      git(root, "init", "--quiet", "--initial-branch=main", name);
      return join(root, name);
    },
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
