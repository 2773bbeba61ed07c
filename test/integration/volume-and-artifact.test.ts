import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../support/live-agent.ts";
import { until } from "../support/until.ts";

let folder: string;
let agent: LiveAgent | undefined;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "volume-artifact-"));
});
afterEach(async () => {
  await agent?.cleanUp();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const script =
  'cat "$NOMAD_TASK_DIR/words" /seen/here "$NOMAD_SECRETS_DIR/word" > /kept/out; sleep 600';

const job = (url: string) => ({
  Job: {
    ID: "stored",
    Name: "stored",
    Type: "service",
    Datacenters: ["*"],
    TaskGroups: [
      {
        Name: "g",
        Volumes: {
          kept: { Name: "kept", Type: "host", Source: "kept" },
          seen: { Name: "seen", Type: "host", Source: "seen", ReadOnly: true },
        },
        Tasks: [
          {
            Name: "t",
            Driver: "docker",
            Config: { image: "busybox:1.36", command: "sh", args: ["-c", script] },
            Artifacts: [{ GetterSource: url, GetterMode: "file", RelativeDest: "local/words" }],
            Templates: [{ EmbeddedTmpl: "secret\n", DestPath: "secrets/word", ChangeMode: "noop" }],
            VolumeMounts: [
              { Volume: "kept", Destination: "/kept" },
              { Volume: "seen", Destination: "/seen" },
            ],
            KillTimeout: 1e8,
            Resources: { CPU: 50, MemoryMB: 32 },
          },
        ],
      },
    ],
  },
});

test("a task gets host volumes of the configuration and an artifact from a network that it allows", async () => {
  const [kept, seen] = [join(folder, "kept"), join(folder, "seen")];
  mkdirSync(kept);
  mkdirSync(seen);
  writeFileSync(join(seen, "here"), "seen\n");
  server = createServer((_request, response) => response.end("fetched\n"));
  const port = await listen(server);
  agent = await liveAgent({
    dev: false,
    config: `client {
      host_volume "kept" { path = "${kept}" }
      host_volume "seen" { path = "${seen}"  read_only = true }
      artifact { allowed_networks = ["127.0.0.0/8"] }
    }`,
  });
  const own = agent;
  await own.start();
  expect(own.output()).not.toMatch(/not acted on.*(?:host_volume|artifact)/);
  const node = await own.get<{ HostVolumes: object }>(`/v1/node/${own.nodeId()}`);
  expect(node.HostVolumes).toMatchObject({
    kept: { Path: kept, ReadOnly: false },
    seen: { Path: seen, ReadOnly: true },
  });
  const sent = await own.send("PUT", "/v1/jobs", job(`http://127.0.0.1:${port}/words`));
  expect(sent.status).toBe(200);
  await until("the task's words in its volume", () => {
    try {
      return readFileSync(join(kept, "out"), "utf8") === "fetched\nseen\nsecret\n";
    } catch {
      // Not written yet.
      return false;
    }
  });
  const mounts = (): boolean => readFileSync("/proc/self/mountinfo", "utf8").includes(own.dir);
  expect(mounts()).toBe(process.getuid?.() === 0);
  await own.send("DELETE", "/v1/job/stored?purge=true");
  await until(
    "its secrets to be gone with it",
    async () => {
      await own.send("PUT", "/v1/system/gc");
      return !mounts();
    },
    { pollMs: 200, timeoutMs: 10_000 },
  );
});

function listen(on: Server): Promise<number> {
  return new Promise((resolve) => {
    on.listen(0, "127.0.0.1", () => {
      const address = on.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
