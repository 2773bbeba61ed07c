import { expect, test } from "vitest";
import type { VolumeMount, VolumeRequest } from "../../../src/model/job.ts";
import { placeHostVolumes } from "../../../src/node/core/host-volumes.ts";

const request = (change: Partial<VolumeRequest> = {}): VolumeRequest => ({
  Name: "data",
  Type: "host",
  Source: "disk",
  ReadOnly: false,
  Sticky: false,
  AccessMode: "",
  AttachmentMode: "",
  MountOptions: null,
  PerAlloc: false,
  ...change,
});
const mount = (change: Partial<VolumeMount> = {}): VolumeMount => ({
  Volume: "data",
  Destination: "/srv",
  ReadOnly: false,
  PropagationMode: "private",
  SELinuxLabel: "",
  ...change,
});
const offer = (ReadOnly = false) => ({ Name: "disk", Path: "/mnt/disk", ReadOnly, ID: "" });
const place = (
  change: Partial<VolumeMount>,
  of: Partial<VolumeRequest> = {},
  offered: Parameters<typeof placeHostVolumes>[0]["offered"] = { disk: offer() },
) =>
  placeHostVolumes({
    volumes: { data: request(of) },
    mounts: [mount(change)],
    offered,
    allocationIndex: 3,
  });

test("a mount becomes a bind of the volume's path", () => {
  expect(place({ SELinuxLabel: "Z" })).toEqual({
    ok: true,
    binds: [
      {
        source: "/mnt/disk",
        target: "/srv",
        readOnly: false,
        propagation: "rprivate",
        selinuxLabel: "Z",
      },
    ],
  });
  expect(
    placeHostVolumes({ volumes: null, mounts: null, offered: {}, allocationIndex: 0 }),
  ).toEqual({ ok: true, binds: [] });
});

test("whoever says read-only is heard: the configuration, the group, the mount", () => {
  const readOnly = (...words: Parameters<typeof place>): boolean | undefined => {
    const placed = place(...words);
    return placed.ok ? placed.binds[0]?.readOnly : undefined;
  };
  expect(readOnly({}, {}, { disk: offer(true) })).toBe(true);
  expect(readOnly({}, { ReadOnly: true })).toBe(true);
  expect(readOnly({ ReadOnly: true })).toBe(true);
  expect(readOnly({})).toBe(false);
});

test.each([
  ["", "rprivate"],
  ["private", "rprivate"],
  ["host-to-task", "rslave"],
  ["bidirectional", "rshared"],
])("propagation %j is %s", (PropagationMode, propagation) => {
  expect(place({ PropagationMode })).toMatchObject({ ok: true, binds: [{ propagation }] });
});

test("a volume for each allocation has its number in the name", () => {
  const offered = { "disk[3]": { ...offer(), Path: "/mnt/three" } };
  expect(place({}, { PerAlloc: true }, offered)).toMatchObject({
    binds: [{ source: "/mnt/three" }],
  });
  expect(place({}, { PerAlloc: true })).toMatchObject({ ok: false });
});

test.each([
  [{ Volume: "other" }, {}, 'the group has no volume "other"'],
  [{ Volume: "constructor" }, {}, 'the group has no volume "constructor"'],
  [{}, { Source: "tape" }, 'missing host volume "tape" (for volume "data")'],
  [{}, { Source: "toString" }, 'missing host volume "toString"'],
  [{}, { Type: "csi" }, 'volume "data" is of type "csi"'],
  [{ PropagationMode: "shared" }, {}, "invalid propagation mode"],
  [{ Destination: "srv" }, {}, "no absolute path"],
  [{ Destination: "/" }, {}, "no absolute path"],
  [{ Destination: "/srv/../etc" }, {}, "no absolute path"],
  [{ Destination: "" }, {}, "no absolute path"],
])("%j of %j is refused", (change, of, words) => {
  const placed = place(change, of);
  expect(placed.ok ? [] : placed.errors).toEqual([expect.stringContaining(words)]);
});

test("all faults are told at once", () => {
  const placed = placeHostVolumes({
    volumes: { data: request() },
    mounts: [mount({ Volume: "a" }), mount(), mount({ Volume: "b" })],
    offered: { disk: offer() },
    allocationIndex: 0,
  });
  expect(placed).toEqual({
    ok: false,
    errors: ['the group has no volume "a"', 'the group has no volume "b"'],
  });
});
