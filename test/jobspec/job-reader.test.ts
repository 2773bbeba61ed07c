import { afterEach, expect, test } from "vitest";
import { createJobReader, type JobReader } from "../../src/jobspec/job-reader.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";

const clock = createSystemClock();
let reader: JobReader | undefined;
afterEach(() => reader?.close());

const jobText = (args: string): string => `job "a" {
  group "g" {
    task "t" {
      driver = "raw_exec"
      config { args = ${args} }
    }
  }
}
`;

test("gives what reading it here gives, for several texts at once", async () => {
  const opened = createJobReader({ clock });
  reader = opened;
  const texts = ['["x"]', "[for n in range(3) : n]", "[nope(1)]", '["${"'].map(jobText);
  const given = await Promise.all(texts.map((text) => opened.parse(text, { file: "a.nomad" })));
  expect(given).toEqual(texts.map((text) => parseJob(text, { file: "a.nomad" })));
});

test("reads a file of the job folder, whichever form it is in", async () => {
  reader = createJobReader({ clock });
  for (const text of ['{"ID": "a"}', '{"job": {"a": {}}}'])
    await expect(reader.parseFile(text, { file: "a.json" })).resolves.toMatchObject({
      ok: true,
      body: { ID: "a" },
    });
  await expect(reader.parseFile("{}", { file: "a.json" })).resolves.toMatchObject({ ok: false });
});

test("a text that takes too long is given up, and the next one is read", async () => {
  // No limit of the evaluator is met within a millisecond.
  const short = createJobReader({ clock, limitMs: 1 });
  const slow = jobText("[for a in range(1000) : [for b in range(1000) : a * b]]");
  const result = await short.parse(slow, { file: "slow.nomad" });
  expect(result).toMatchObject({
    ok: false,
    diagnostics: [{ severity: "error", summary: "Too much work to read", file: "slow.nomad" }],
  });
  await short.close();
  reader = createJobReader({ clock });
  await expect(reader.parse(jobText("[1]"), { file: "a" })).resolves.toMatchObject({ ok: true });
});

test("a text that takes too much memory is given up, and the next one is read", async () => {
  reader = createJobReader({ clock, limitMb: 8, limitMs: 60_000 });
  const large = jobText(`[for a in range(1000) : [for b in range(1000) : "\${a}-\${b}"]]`);
  await expect(reader.parse(large, { file: "large.nomad" })).resolves.toMatchObject({
    ok: false,
    diagnostics: [{ summary: "Too much memory to read" }],
  });
});

test("who waits when the reader is closed is told so", async () => {
  reader = createJobReader({ clock });
  const waiting = expect(reader.parse(jobText("[1]"), { file: "a" })).rejects.toThrow(
    "the agent stops",
  );
  await reader.close();
  await waiting;
  await expect(reader.parse(jobText("[1]"), { file: "a" })).rejects.toThrow("the agent stops");
});
