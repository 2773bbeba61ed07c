import { describe, expect, test } from "vitest";
import {
  decideRemoval,
  type FolderView,
  type RemovalInput,
} from "../../../../src/reconciler/core/folder/decide-removal.ts";
import { aSource } from "./sources.ts";

const web = aSource({ Path: "/jobs/web.nomad" });
const api = aSource({ Path: "/jobs/api.nomad", JobID: "api" });
const others: FolderView = { kind: "present", identity: "1:2", files: ["/jobs/api.nomad"] };
const input = (change: Partial<RemovalInput>): RemovalInput => ({
  source: web,
  sources: [web, api],
  folder: others,
  graceMs: 10_000,
  nowNs: 5e9,
  jobExists: true,
  ...change,
});

test("a removed file waits for its grace, then its job stops", () => {
  const first = decideRemoval(input({}));
  expect(first).toMatchObject({
    kind: "wait",
    afterMs: 10_000,
    source: { State: "removed", UpdatedAt: 5e9 },
  });
  if (first.kind !== "wait") throw new Error("it does not wait");
  const again = (nowNs: number) => decideRemoval(input({ source: first.source, nowNs }));
  expect(again(14e9)).toMatchObject({ kind: "wait", afterMs: 1000 });
  expect(again(15e9)).toEqual({ kind: "stop" });
});

describe("nothing is stopped when", () => {
  test("another file took the job over", () => {
    const renamed = aSource({ Path: "/jobs/www.nomad", State: "unchanged" });
    expect(decideRemoval(input({ sources: [web, renamed] }))).toEqual({ kind: "forget" });
  });

  test("the file never owned its job", () => {
    const source = aSource({ Path: "/jobs/copy.nomad", State: "conflict" });
    expect(decideRemoval(input({ source, sources: [web, source] }))).toEqual({ kind: "forget" });
  });

  test("the job is gone already", () => {
    expect(decideRemoval(input({ jobExists: false }))).toEqual({ kind: "forget" });
  });

  test.each<[string, FolderView, string]>([
    ["the folder is gone", { kind: "gone" }, "the folder itself is gone"],
    [
      "the folder was replaced",
      { kind: "present", identity: "1:3", files: [] },
      "replaced by another",
    ],
    [
      "the folder was replaced by one that has other files",
      { kind: "present", identity: "1:3", files: ["/jobs/api.nomad"] },
      "replaced by another",
    ],
    [
      "all files vanished at once",
      { kind: "present", identity: "1:2", files: [] },
      "every job file vanished at once",
    ],
  ])("%s", (_case, folder, text) => {
    const removal = decideRemoval(input({ folder }));
    expect(removal).toMatchObject({ kind: "hold", source: { State: "held" } });
    expect(removal.kind === "hold" ? removal.source.Message : "").toContain(text);
  });
});

test("the only file of a folder may be removed by hand", () => {
  const folder: FolderView = { kind: "present", identity: "1:2", files: [] };
  expect(decideRemoval(input({ sources: [web], folder })).kind).toBe("wait");
});

test("the only file is not missed in an empty mount point", () => {
  const folder: FolderView = { kind: "present", identity: "1:9", files: [] };
  const removal = decideRemoval(input({ sources: [web], folder }));
  expect(removal).toMatchObject({ kind: "hold", source: { State: "held", Folder: "1:2" } });
  expect(removal.kind === "hold" ? removal.source.Message : "").toContain("nomad job stop web");
});

test("a file whose grace had begun is held when the folder is replaced meanwhile", () => {
  const source = aSource({ Path: "/jobs/web.nomad", State: "removed" });
  const folder: FolderView = { kind: "present", identity: "1:9", files: [] };
  expect(decideRemoval(input({ source, folder, nowNs: 60e9 })).kind).toBe("hold");
});
