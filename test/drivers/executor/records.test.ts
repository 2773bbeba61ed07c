import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bootId, processStart } from "../../../src/drivers/executor/proc.ts";
import { recordFolder } from "../../../src/drivers/executor/records.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "records-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a task that ends while it is looked at has its own exit code, or still runs", async () => {
  const handle = "one";
  mkdirSync(join(root, handle));
  const stand = spawn("sleep", ["1000"], { stdio: "ignore" });
  await once(stand, "spawn");
  const pid = stand.pid ?? 0;
  const start = processStart(pid);
  const write = (name: string, content: unknown): void => {
    writeFileSync(join(root, handle, name), JSON.stringify(content));
  };
  write("task.json", { cluster: "c", nodeId: "n", allocationId: "a", task: "t", attempt: 0 });
  write("pid", 1);
  write("process.json", {
    wrapper: pid,
    wrapperStart: start,
    pid,
    pidStart: start,
    boot: bootId(),
  });
  const points: string[] = [];
  const folder = recordFolder(root, (name) => {
    points.push(name);
    // As the wrapper does it: the code first, then its end.
    writeFileSync(join(root, handle, "exit"), "130\n");
    stand.kill("SIGKILL");
    while (processStart(pid) !== undefined);
  });
  expect(folder.observe(handle)).toMatchObject({ state: "exited", exit: { code: 130, signal: 2 } });
  expect(points).toEqual(["observe:alive"]);
});
