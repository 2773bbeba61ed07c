import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildTemplate } from "../support/build-template.ts";
import { doTemplateWork } from "../../src/node/template-work.ts";
import type { TemplateThread } from "../../src/node/template-work.ts";
import { scriptText } from "../../src/node/templates.ts";
import { TemplateWorld } from "../support/template-world.ts";

const wait = { Min: 1e9, Max: 4e9 };
const variable = (path: string): string => `{{ with nomadVar "${path}" }}{{ .v }}{{ end }}`;

describe("while the task runs", () => {
  const followed = async (over: object[]): Promise<TemplateWorld> => {
    const world = await TemplateWorld.open();
    for (const path of ["a", "b", "c"]) world.set(path, { v: "1" });
    const templates = world.templates(
      over.map((one, at) =>
        buildTemplate({
          EmbeddedTmpl: variable("abc"[at] ?? ""),
          DestPath: `local/${at}`,
          Wait: wait,
          ...one,
        }),
      ),
    );
    await world.first(templates);
    void world.follow(templates);
    await world.quiet();
    return world;
  };
  const read = (world: TemplateWorld, name: string): string =>
    readFileSync(join(world.paths.local, name), "utf8");

  test("a change is written once it stayed the same for long enough, and then told", async () => {
    const world = await followed([{}]);
    world.set("a", { v: "2" });
    await world.advance(1_000);
    expect(read(world, "0")).toBe("1");
    await world.advance(200);
    expect(read(world, "0")).toBe("2");
    expect(world.changes).toEqual([
      { kind: "restart", reason: "Template with change_mode restart re-rendered" },
    ]);
  });

  test("changes that go on are written after the longest wait", async () => {
    const world = await followed([{}]);
    for (let value = 2; value < 12; value++) {
      world.set("a", { v: String(value) });
      await world.advance(500);
    }
    expect(read(world, "0")).not.toBe("1");
    expect(world.changes).toHaveLength(1);
  });

  test("a change that is taken back, or that shows nothing, does nothing", async () => {
    const world = await followed([{}]);
    world.set("a", { v: "2" });
    await world.advance(500);
    world.set("a", { v: "1" });
    await world.advance(5_000);
    world.set("a", { v: "1", other: "x" });
    await world.advance(5_000);
    expect(world.changes).toEqual([]);
  });

  test("the file stays as it is while its data is missing", async () => {
    const world = await followed([{}]);
    world.variables.delete("a");
    world.set("b", { v: "x" });
    await world.advance(5_000);
    expect(read(world, "0")).toBe("1");
    expect(world.changes).toEqual([]);
  });

  test("the action waits a part of the largest splay", async () => {
    const world = await followed([
      { Splay: 4e9, ChangeMode: "signal", ChangeSignal: "SIGHUP" },
      { Splay: 10e9, ChangeMode: "signal", ChangeSignal: "SIGHUP" },
    ]);
    world.set("a", { v: "2" });
    world.set("b", { v: "2" });
    await world.advance(1_200);
    expect(read(world, "0")).toBe("2");
    await world.advance(4_800);
    expect(world.changes).toEqual([]);
    await world.advance(300);
    expect(world.changes).toEqual([
      { kind: "signal", signal: "SIGHUP", reason: "Template re-rendered" },
    ]);
  });

  test("a script is handed out with how to tell its end", async () => {
    const ChangeScript = { Command: "/local/x", Args: ["a"], Timeout: 5e9, FailOnError: false };
    const world = await followed([{ ChangeMode: "script", ChangeScript }]);
    world.set("a", { v: "2" });
    await world.advance(1_500);
    const [change] = world.changes;
    if (change?.kind !== "script") throw new Error("no script was handed out");
    expect(scriptText(change.script, { kind: "exited", exitCode: 0 }).message).toBe(
      "Template successfully ran script /local/x with arguments: [a]. Exit code: 0",
    );
  });

  test("a service that moves is followed", async () => {
    const world = await TemplateWorld.open();
    const service = {
      id: "s",
      name: "web",
      node: "n",
      address: "10.0.0.1",
      port: 80,
      datacenter: "dc1",
      tags: [],
      jobId: "j",
      allocId: "x",
    };
    world.services = [service];
    const templates = world.templates([
      buildTemplate({
        EmbeddedTmpl: "{{ range nomadService `web` }}{{ .Address }}:{{ .Port }};{{ end }}",
        Wait: wait,
      }),
    ]);
    await world.first(templates);
    void world.follow(templates);
    await world.quiet();
    world.services = [service, { ...service, address: "10.0.0.2" }];
    world.note();
    await world.advance(1_500);
    expect(read(world, "out")).toBe("10.0.0.1:80;10.0.0.2:80;");
    world.services = [];
    world.note();
    await world.advance(1_500);
    expect(read(world, "out")).toBe("");
    expect(world.changes).toHaveLength(2);
  });

  test("a template without an action is written, and its variables are there for the next start", async () => {
    const world = await TemplateWorld.open();
    world.set("a", { v: "1" });
    const templates = world.templates([
      buildTemplate({
        EmbeddedTmpl: `A=${variable("a")}`,
        Envvars: true,
        ChangeMode: "noop",
        Wait: wait,
        Splay: 60e9,
      }),
    ]);
    await world.first(templates);
    void world.follow(templates);
    await world.quiet();
    world.set("a", { v: "2" });
    await world.advance(1_500);
    expect(templates.env()).toEqual({ A: "2" });
    expect(read(world, "out")).toBe("A=2");
    expect(world.changes).toEqual([]);
  });

  test("one that is rendered once is never written again", async () => {
    const world = await followed([{ Once: true }]);
    world.set("a", { v: "2" });
    await world.advance(10_000);
    expect(read(world, "0")).toBe("1");
    expect(world.changes).toEqual([]);
  });

  test("a template that fails ends it, once", async () => {
    const world = await followed([
      { EmbeddedTmpl: `{{ with nomadVar "a" }}{{ parseInt .v.Value }}{{ end }}` },
    ]);
    world.set("a", { v: "x" });
    await world.advance(500);
    expect(world.changes).toEqual([
      {
        kind: "failed",
        reason:
          'Template failed: local/0:1:27: error calling parseInt: parseInt: parsing "x": invalid syntax',
      },
    ]);
    expect(world.watchers).toBe(0);
  });

  test("a file that a template reads is looked at now and then", async () => {
    const world = await TemplateWorld.open();
    writeFileSync(join(world.paths.local, "in"), "1");
    const templates = world.templates([
      buildTemplate({ EmbeddedTmpl: "{{ file `local/in` }}", Wait: wait }),
    ]);
    await world.first(templates);
    void world.follow(templates);
    await world.quiet();
    writeFileSync(join(world.paths.local, "in"), "2");
    await world.advance(4_000);
    expect(read(world, "out")).toBe("2");
    expect(world.changes).toHaveLength(1);
  });
});

describe("after a restart of the agent", () => {
  test("a file with the same content is not touched and nothing is told", async () => {
    const world = await TemplateWorld.open();
    const one = buildTemplate({ EmbeddedTmpl: "same" });
    await world.first(world.templates([one]));
    const path = join(world.paths.local, "out");
    chmodSync(path, 0o600);
    const before = statSync(path);
    const templates = world.templates([one]);
    await world.first(templates);
    void world.follow(templates, true);
    await world.advance(2_000);
    const after = statSync(path);
    expect([after.ino, after.mtimeMs, after.mode]).toEqual([
      before.ino,
      before.mtimeMs,
      before.mode,
    ]);
    expect(world.changes).toEqual([]);
  });

  test("content that changed meanwhile is told, but not of one rendered once", async () => {
    const world = await TemplateWorld.open();
    await world.first(
      world.templates([
        buildTemplate({ EmbeddedTmpl: "old" }),
        buildTemplate({ EmbeddedTmpl: "old", DestPath: "local/2" }),
      ]),
    );
    const templates = world.templates([
      buildTemplate({ EmbeddedTmpl: "new", ChangeMode: "signal", ChangeSignal: "SIGHUP" }),
      buildTemplate({ EmbeddedTmpl: "new", DestPath: "local/2", Once: true }),
    ]);
    await world.first(templates);
    void world.follow(templates, true);
    await world.advance(500);
    expect(world.changes).toEqual([
      { kind: "signal", signal: "SIGHUP", reason: "Template re-rendered" },
    ]);
  });

  test("a first start tells nothing of what it wrote", async () => {
    const world = await TemplateWorld.open();
    const templates = world.templates([buildTemplate()]);
    await world.first(templates);
    void world.follow(templates);
    await world.advance(2_000);
    expect(world.changes).toEqual([]);
  });
});

test("a rendering that is lost while the task runs ends nothing: the old file stays, and it is tried again", async () => {
  const world = await TemplateWorld.open();
  const long =
    '{{ with nomadVar "a" }}{{ .v }} {{ len (toJSON (sprig_repeat 90000 "x")) }}{{ end }}';
  let isBusy = false;
  let asked = 0;
  const thread: TemplateThread = {
    render: (work) => {
      asked++;
      if (isBusy)
        return Promise.resolve({ kind: "lost", why: "the machine is busy", isTooMuch: false });
      return Promise.resolve(doTemplateWork(work, undefined));
    },
  };
  world.set("a", { v: "1" });
  const templates = world.templates([buildTemplate({ EmbeddedTmpl: long, Wait: wait })], {
    thread,
  });
  await world.first(templates);
  const path = join(world.paths.local, "out");
  const written = readFileSync(path, "utf8");
  expect(written).toMatch(/^1 /);
  void world.follow(templates);
  isBusy = true;
  world.set("a", { v: "2" });
  await world.advance(1_000);
  const askedOnce = asked;
  world.note();
  await world.advance(2_000);
  expect([asked, world.changes, readFileSync(path, "utf8")]).toEqual([askedOnce, [], written]);
  isBusy = false;
  await world.advance(20_000);
  expect(readFileSync(path, "utf8")).toMatch(/^2 /);
  expect(world.changes).toMatchObject([{ kind: "restart" }]);
});
