import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createTemplateThread } from "../../src/agent/template-thread.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import type { TemplateThread, TemplateWork } from "../../src/node/template-work.ts";
import { buildTemplate } from "../support/build-template.ts";
import { TemplateWorld } from "../support/template-world.ts";

const thread = createTemplateThread({ clock: createSystemClock() });
afterAll(() => thread.close());

/** What was asked of the thread. */
function counted(): TemplateThread & { readonly asked: TemplateWork[] } {
  const asked: TemplateWork[] = [];
  return {
    asked,
    render: (work) => {
      asked.push(work);
      return thread.render(work);
    },
  };
}
async function outcomeOf(text: string, items: { readonly [key: string]: string } = {}) {
  const used = counted();
  const world = await TemplateWorld.open();
  world.set("v", items);
  const block = buildTemplate({ EmbeddedTmpl: text });
  const first = await world.first(world.templates([block], { thread: used }));
  const content = (): string => readFileSync(join(world.paths.local, "out"), "utf8");
  return { first, asked: used.asked, text: first.kind === "rendered" ? content() : "" };
}

test("a template of small actions is rendered without the thread, however many they are", async () => {
  const { asked, text } = await outcomeOf("{{ range 20000 }}{{ add . 1 }} {{ end }}");
  expect(asked).toEqual([]);
  expect(text.endsWith(" 19999 20000 ")).toBe(true);
});

test("a long action is done in the thread, with what the template asks for and with YAML", async () => {
  const text =
    '{{ with nomadVar "v" }}{{ len (.a.Value | sprig_repeat 200000) }} {{ (parseYAML .y.Value).k }}{{ end }}' +
    '{{ len (toUpper (sprig_repeat 50000 "a")) }}{{ with nomadVar "v" }} {{ .a }}{{ end }}';
  const { asked, text: written, first } = await outcomeOf(text, { a: "ab", y: "k: 7" });
  expect(first).toEqual({ kind: "rendered", env: {} });
  expect(written).toBe("400000 750000 ab");
  expect(asked.length).toBeGreaterThan(0);
});

test.each([
  ["a pattern", '{{ regexMatch "[a-z]+[0-9]" (sprig_repeat 60000 "a") }}'],
  ["a text", '{{ len (sprig_snakecase (sprig_repeat 6000 "aB")) }}'],
  ["a list", "{{ len (sprig_uniq (sprig_until 200)) }}"],
  ["JSON", '{{ len (toJSON (sprig_repeat 90000 "x")) }}'],
])("%s that is too long for one action of the main thread goes to the other", async (_, text) => {
  const { asked, first } = await outcomeOf(text);
  expect(first).toMatchObject({ kind: "rendered" });
  expect(asked).toHaveLength(1);
});

test("what is too much in the thread too is a fault of the template", async () => {
  const { first } = await outcomeOf('{{ toJSON (sprig_repeat 1000000 "x") }}');
  expect(first).toMatchObject({
    kind: "failed",
    reason: expect.stringMatching(
      /local\/out:1:\d+: .*one action takes more than 50000 steps/,
    ) as string,
  });
});

test("a rendering that the thread has lost may be tried again, one that takes too long is the template's fault", async () => {
  const small = createTemplateThread({ clock: createSystemClock(), limitMb: 40 });
  try {
    const answers = Array.from({ length: 4_000 }, (_, at) => ({
      asked: { kind: "file" as const, path: String(at) },
      answer: { kind: "content", text: String(at).repeat(5_000) },
    }));
    const lost = await small.render({
      text: "{{ 1 }}",
      delimiters: { left: "", right: "" },
      env: new Map(),
      home: { namespace: "default", region: "global" },
      errMissingKey: false,
      nowMs: 0,
      answers,
    });
    expect(lost).toEqual({
      kind: "lost",
      why: "rendering takes more than 40 MB",
      isTooMuch: false,
    });
  } finally {
    await small.close();
  }
  const world = await TemplateWorld.open();
  const block = buildTemplate({ EmbeddedTmpl: '{{ toJSON (sprig_repeat 90000 "x") }}' });
  const broken = (isTooMuch: boolean): TemplateThread => ({
    render: () => Promise.resolve({ kind: "lost", why: "it was given up", isTooMuch }),
  });
  expect(await world.first(world.templates([block], { thread: broken(true) }))).toEqual({
    kind: "failed",
    reason: "Template failed: local/out: it was given up",
  });
  await expect(
    world.first(world.templates([block], { thread: broken(false) })),
  ).rejects.toMatchObject({ code: "unavailable", message: "local/out: it was given up" });
});
