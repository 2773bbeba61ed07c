import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHostVolumes, resolveHostVolumes } from "../../src/node/host-volumes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/volume-`);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("what is configured is offered, by name", async () => {
  const offered = await readHostVolumes({
    b: { path: folder, readOnly: false },
    a: { path: "/", readOnly: true },
  });
  expect(Object.keys(offered)).toEqual(["a", "b"]);
  expect(offered["b"]).toEqual({ Name: "b", Path: folder, ReadOnly: false, ID: "" });
});

test.each([
  ["", 'host_volume "v": Missing path in host_volume config'],
  ["data", 'host_volume "v": path "data" is not absolute'],
  ["/nowhere/at/all", 'host_volume "v": ENOENT'],
])("path %j keeps the agent from starting", async (path, words) => {
  await expect(readHostVolumes({ v: { path, readOnly: false } })).rejects.toThrow(words);
});

test("a folder that has gone is told, not made anew", async () => {
  const offered = await readHostVolumes({ disk: { path: folder, readOnly: true } });
  const question = {
    volumes: {
      data: {
        Name: "data",
        Type: "host",
        Source: "disk",
        ReadOnly: false,
        Sticky: false,
        AccessMode: "",
        AttachmentMode: "",
        MountOptions: null,
        PerAlloc: false,
      },
    },
    mounts: [
      {
        Volume: "data",
        Destination: "/srv",
        ReadOnly: false,
        PropagationMode: "host-to-task",
        SELinuxLabel: "",
      },
    ],
    offered,
    allocationIndex: 0,
  };
  expect(await resolveHostVolumes(question)).toMatchObject({
    ok: true,
    binds: [{ source: folder, readOnly: true, propagation: "rslave" }],
  });
  rmSync(folder, { recursive: true });
  expect(await resolveHostVolumes(question)).toEqual({
    ok: false,
    errors: [expect.stringContaining("host volume: ENOENT")],
  });
});
