import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildTemplate } from "../support/build-template.ts";
import { scriptText } from "../../src/node/templates.ts";
import { TemplateWorld } from "../support/template-world.ts";

const wait = { Min: 1e9, Max: 4e9 };
const variable = (path: string): string => `{{ with nomadVar "${path}" }}{{ .v }}{{ end }}`;

describe("before the start", () => {
  test("every template is written where it belongs, with its mode, and its folders are made", async () => {
    const world = await TemplateWorld.open();
    const templates = world.templates(
      [
        buildTemplate({ EmbeddedTmpl: "{{ env `A` }}", DestPath: "local/deep/er/a.conf" }),
        buildTemplate({ EmbeddedTmpl: "s", DestPath: "secrets/s", Perms: "600" }),
        buildTemplate({ EmbeddedTmpl: "x", DestPath: "${SHARED}/data/x", Perms: "4755" }),
        buildTemplate({
          EmbeddedTmpl: "[[ 1 ]]{{ 2 }}",
          DestPath: "/local/d",
          LeftDelim: "[[",
          RightDelim: "]]",
        }),
      ],
      { env: { A: "1" }, names: { SHARED: world.paths.shared } },
    );
    expect(await world.first(templates)).toEqual({ kind: "rendered", env: {} });
    const at = (...path: string[]): string => join(world.paths.allocation, ...path);
    expect(readFileSync(at("web/local/deep/er/a.conf"), "utf8")).toBe("1");
    expect(statSync(at("web/local/deep/er/a.conf")).mode & 0o7777).toBe(0o644);
    expect(statSync(at("web/secrets/s")).mode & 0o7777).toBe(0o600);
    expect(statSync(at("alloc/data/x")).mode & 0o7777).toBe(0o755);
    expect(readFileSync(at("web/local/d"), "utf8")).toBe("1{{ 2 }}");
    expect(readdirSync(at("web/local")).sort()).toEqual(["d", "deep"]);
    expect(world.watchers).toBe(0);
  });

  test("a source file is rendered like an embedded text", async () => {
    const world = await TemplateWorld.open();
    writeFileSync(join(world.paths.local, "in.tpl"), "{{ 1 }}\n");
    await world.first(
      world.templates([buildTemplate({ SourcePath: "local/in.tpl", EmbeddedTmpl: "" })]),
    );
    expect(readFileSync(join(world.paths.local, "out"), "utf8")).toBe("1\n");
  });

  test("env files become variables, and a later template wins", async () => {
    const world = await TemplateWorld.open();
    const templates = world.templates([
      buildTemplate({ EmbeddedTmpl: "A=1\nB='x y' # c", DestPath: "local/1", Envvars: true }),
      buildTemplate({ EmbeddedTmpl: "A=2\n", DestPath: "local/2", Envvars: true }),
      buildTemplate({ EmbeddedTmpl: "A=3\n", DestPath: "local/3" }),
    ]);
    expect(await world.first(templates)).toEqual({ kind: "rendered", env: { A: "2", B: "x y" } });
    expect(templates.env()).toEqual({ A: "2", B: "x y" });
  });

  test("what is missing is waited for, and told after three seconds, again only when it is something else", async () => {
    const world = await TemplateWorld.open();
    const templates = world.templates(
      ["d", "c", "b", "a"].map((path) =>
        buildTemplate({ EmbeddedTmpl: variable(path), DestPath: `local/${path}` }),
      ),
    );
    const first = world.first(templates);
    await world.quiet();
    await world.advance(2_900);
    expect(world.notices).toEqual([]);
    await world.advance(200);
    const name = (path: string): string => `nomad.var.block(${path}@default.global)`;
    const all = `Missing: ${name("a")}, ${name("b")}, ${name("c")}, and 1 more`;
    expect(world.notices).toEqual([all]);
    await world.advance(5_000);
    world.note();
    await world.advance(5_000);
    expect(world.notices).toEqual([all]);
    for (const path of ["a", "b", "c"]) world.set(path, { v: path });
    await world.advance(200);
    expect(world.notices).toEqual([all, `Missing: ${name("d")}`]);
    expect(existsSync(join(world.paths.local, "a"))).toBe(false);
    world.set("d", { v: "d" });
    expect(await first).toMatchObject({ kind: "rendered" });
    expect(readFileSync(join(world.paths.local, "d"), "utf8")).toBe("d");
    expect(world.watchers).toBe(0);
  });

  test("waiting ends when it is aborted", async () => {
    const world = await TemplateWorld.open();
    const abort = new AbortController();
    const first = world
      .templates([buildTemplate({ EmbeddedTmpl: variable("a") })])
      .renderFirst(abort.signal);
    await world.quiet();
    abort.abort(new Error("stopped"));
    await expect(first).rejects.toThrow("stopped");
    expect(world.watchers).toBe(0);
    expect(world.clock.pendingTimers()).toBe(0);
  });

  test.each([
    [
      { EmbeddedTmpl: "a\n{{ nope }}" },
      'Template failed: local/out:2:4: function "nope" not defined',
    ],
    [
      { EmbeddedTmpl: "{{ mustEnv `X` }}" },
      'Template failed: local/out:1:4: error calling mustEnv: environment variable "X" is not set',
    ],
    [
      { EmbeddedTmpl: "{{ .a }}", ErrMissingKey: true },
      'Template failed: local/out:1:4: nil data; no entry for key "a"',
    ],
    [
      { SourcePath: "local/none", EmbeddedTmpl: "" },
      "Template failed: template source local/none does not exist",
    ],
    [
      { SourcePath: "../../../etc/passwd", EmbeddedTmpl: "" },
      "Template failed: template source path escapes alloc directory",
    ],
    [
      { SourcePath: "/etc/passwd", EmbeddedTmpl: "" },
      "Template failed: template source path escapes alloc directory",
    ],
    [
      { DestPath: "../../../x" },
      "Template failed: template destination path escapes alloc directory",
    ],
    [
      { DestPath: "${NOMAD_META_p}/x" },
      "Template failed: template destination path escapes alloc directory",
    ],
    [{ DestPath: "." }, "Template failed: template destination path escapes alloc directory"],
    [{ DestPath: "local" }, "Template failed: failed to write local: local is no regular file"],
    [
      { EmbeddedTmpl: "A", Envvars: true },
      'Template failed: error parsing env template "local/out": error on line 1: missing =',
    ],
    [
      { EmbeddedTmpl: "{{ file `/etc/passwd` }}" },
      "Template failed: local/out:1:4: file: template source path escapes alloc directory",
    ],
    [
      { EmbeddedTmpl: "{{ file `../../other/secrets/x` }}" },
      "Template failed: local/out:1:4: file: template source path escapes alloc directory",
    ],
  ])("%j is told as a failure", async (over, reason) => {
    const world = await TemplateWorld.open();
    const templates = world.templates([buildTemplate(over)], {
      names: { NOMAD_META_p: "../../.." },
    });
    expect(await world.first(templates)).toEqual({ kind: "failed", reason });
    expect(readdirSync(world.root)).toEqual(["alloc"]);
  });

  test("there is an end to the files that a task's templates read", async () => {
    const world = await TemplateWorld.open();
    const text = "{{ range loop 200 }}{{ file (print `local/` .) }}{{ end }}";
    expect(await world.first(world.templates([buildTemplate({ EmbeddedTmpl: text })]))).toEqual({
      kind: "failed",
      reason: "Template failed: local/out:1:24: file: templates of one task read at most 100 files",
    });
  });

  test("files of the task may be read, and are waited for", async () => {
    const world = await TemplateWorld.open();
    const first = world.first(
      world.templates(
        [buildTemplate({ EmbeddedTmpl: "{{ file `local/a` }}{{ file (env `S`) }}" })],
        {
          env: { S: join(world.paths.shared, "b") },
        },
      ),
    );
    writeFileSync(join(world.paths.shared, "b"), "B");
    await world.quiet();
    writeFileSync(join(world.paths.local, "a"), "A");
    await world.advance(2_500);
    expect(await first).toMatchObject({ kind: "rendered" });
    expect(readFileSync(join(world.paths.local, "out"), "utf8")).toBe("AB");
  });
});

describe("CVE-2019-14802, CVE-2020-27195 and CVE-2024-1329", () => {
  test("the agent's own environment is not seen", async () => {
    const world = await TemplateWorld.open();
    process.env["TEMPLATE_TEST_SECRET"] = "secret";
    await world.first(
      world.templates([
        buildTemplate({
          EmbeddedTmpl:
            "[{{ env `TEMPLATE_TEST_SECRET` }}{{ env `PATH` }}{{ envOrDefault `HOME` `none` }}]",
        }),
      ]),
    );
    delete process.env["TEMPLATE_TEST_SECRET"];
    expect(readFileSync(join(world.paths.local, "out"), "utf8")).toBe("[none]");
  });

  test("a link in the place of the destination, of its folder, or of the source is refused", async () => {
    const world = await TemplateWorld.open();
    const outside = join(world.root, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "secret"), "secret");
    symlinkSync(join(outside, "secret"), join(world.paths.local, "link"));
    symlinkSync(outside, join(world.paths.local, "folder"));
    const failure = async (over: object): Promise<unknown> =>
      await world.first(world.templates([buildTemplate(over)]));
    expect(await failure({ DestPath: "local/link" })).toEqual({
      kind: "failed",
      reason: "Template failed: failed to write local/link: local/link is a symbolic link",
    });
    expect(await failure({ DestPath: "local/folder/new" })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("leads through something that is no folder") as string,
    });
    expect(await failure({ SourcePath: "local/link", EmbeddedTmpl: "" })).toMatchObject({
      kind: "failed",
      reason: expect.stringContaining("is a symbolic link") as string,
    });
    expect(await failure({ SourcePath: "local/folder/secret", EmbeddedTmpl: "" })).toMatchObject({
      kind: "failed",
    });
    expect(await failure({ EmbeddedTmpl: "{{ file `local/folder/secret` }}" })).toMatchObject({
      kind: "failed",
    });
    expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
    expect(readdirSync(outside)).toEqual(["secret"]);
  });

  test("a link that is put in place between two renderings is refused then", async () => {
    const world = await TemplateWorld.open();
    world.set("a", { v: "1" });
    const templates = world.templates([
      buildTemplate({ EmbeddedTmpl: variable("a"), DestPath: "local/d/out", Wait: wait }),
    ]);
    await world.first(templates);
    const done = world.follow(templates);
    await world.quiet();
    const outside = join(world.root, "outside");
    mkdirSync(outside);
    renameSync(join(world.paths.local, "d"), join(world.paths.local, "moved"));
    symlinkSync(outside, join(world.paths.local, "d"));
    world.set("a", { v: "2" });
    await world.advance(1_500);
    await done;
    expect(world.changes).toEqual([
      {
        kind: "failed",
        reason: expect.stringContaining("leads through something that is no folder") as string,
      },
    ]);
    expect(readdirSync(outside)).toEqual([]);
  });

  test("a named pipe in the place of a file holds nobody up", async () => {
    const world = await TemplateWorld.open();
    mkdirSync(join(world.paths.local, "out"));
    expect(await world.first(world.templates([buildTemplate()]))).toEqual({
      kind: "failed",
      reason: "Template failed: failed to write local/out: local/out is no regular file",
    });
  });
});

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
