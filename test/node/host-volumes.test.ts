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

test("what is configured is offered, by name", () => {
  const { volumes, errors } = readHostVolumes({
    b: { path: folder, readOnly: false },
    a: { path: "/", readOnly: true },
  });
  expect(errors).toEqual([]);
  expect(Object.keys(volumes)).toEqual(["a", "b"]);
  expect(volumes["b"]).toEqual({ Name: "b", Path: folder, ReadOnly: false, ID: "" });
});

test.each([
  ["", 'host_volume "v": Missing path in host_volume config'],
  ["data", 'host_volume "v": path "data" is not absolute'],
  ["/nowhere/at/all", 'host_volume "v": ENOENT'],
])("path %j keeps the agent from starting", (path, words) => {
  const { errors } = readHostVolumes({ v: { path, readOnly: false } });
  expect(errors).toEqual([expect.stringContaining(words)]);
});

test("a folder that has gone is told, not made anew", async () => {
  const { volumes: offered } = readHostVolumes({ disk: { path: folder, readOnly: true } });
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
