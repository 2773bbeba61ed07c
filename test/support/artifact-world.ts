import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorText } from "../../src/lib/errors.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import type { TaskArtifact } from "../../src/model/job.ts";
import { AllocationDirectories } from "../../src/node/alloc-directory.ts";
import type { TaskPaths } from "../../src/node/alloc-directory.ts";
import { parseNetwork } from "../../src/node/artifact/core/address.ts";
import type { Network } from "../../src/node/artifact/core/address.ts";
import { defaultArtifactSettings, fetchArtifacts } from "../../src/node/artifacts.ts";
import type { ArtifactContext } from "../../src/node/artifacts.ts";
import { buildArtifact } from "./artifact-files.ts";

type Answer = string | Uint8Array | ((asked: IncomingMessage, answer: ServerResponse) => void);

/** A server on this machine whose pages a test sets, and allocations that fetch from it. */
export interface ArtifactWorld {
  /** Where the server listens, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** What a test has to allow to reach it. */
  readonly loopback: readonly Network[];
  readonly pages: Map<string, Answer>;
  /** Paths with their query, as they were asked for. */
  readonly asked: string[];
  readonly notices: string[];
  task(allocationId?: string, task?: string): Promise<TaskPaths>;
  fetch(
    paths: TaskPaths,
    artifacts: readonly Partial<TaskArtifact>[],
    change?: Partial<ArtifactContext>,
  ): Promise<void>;
  /** The text of the failure; undefined when there was none. */
  fault(
    paths: TaskPaths,
    artifact: Partial<TaskArtifact>,
    change?: Partial<ArtifactContext>,
  ): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function startArtifactWorld(): Promise<ArtifactWorld> {
  const root = mkdtempSync(join(tmpdir(), "artifacts-"));
  const directories = new AllocationDirectories(join(root, "alloc"));
  const pages = new Map<string, Answer>();
  const asked: string[] = [];
  const notices: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const page = pages.get((request.url ?? "").replace(/\?.*$/, ""));
    if (typeof page === "function") page(request, response);
    else if (page === undefined) response.writeHead(404).end("no such page");
    else response.end(page);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const loopback = [parseNetwork("127.0.0.0/8")].filter((network) => network !== undefined);
  const world: ArtifactWorld = {
    url: `http://127.0.0.1:${port}`,
    port,
    loopback,
    pages,
    asked,
    notices,
    task: (allocationId = "a1", task = "web") => directories.build(allocationId, task),
    async fetch(paths, artifacts, change = {}) {
      await fetchArtifacts(artifacts.map(buildArtifact), {
        paths,
        settings: {
          ...defaultArtifactSettings,
          allowedNetworks: loopback,
        },
        user: undefined,
        clock: createSystemClock(),
        log: silentLogger,
        signal: new AbortController().signal,
        notice: (message) => notices.push(message),
        ...change,
      });
    },
    async fault(paths, artifact, change) {
      try {
        await world.fetch(paths, [artifact], change);
        return undefined;
      } catch (thrown) {
        return errorText(thrown);
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      rmSync(root, { recursive: true, force: true });
    },
  };
  return world;
}
