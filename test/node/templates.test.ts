import {
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
