import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { askSecondOpinion } from "../../src/jobspec/second-opinion.ts";
import { FakeClock } from "../support/fake-clock.ts";

const ask = (text: string, isAccepted = true) =>
  askSecondOpinion(text, { clock: new FakeClock(), isAccepted });

test("both readers accept a job file", async () => {
  const text = readFileSync("test/golden/data/jobspec/single-web-container.nomad", "utf8");
  expect(await ask(text)).toEqual({ accepts: true, agrees: true });
});

test("a text that only we accept is a disagreement", async () => {
  expect(await ask('job "a" { b = }')).toEqual({ accepts: false, agrees: false });
  expect(await ask('job "a" { b = }', false)).toEqual({ accepts: false, agrees: true });
});

test("no answer in time is no opinion", async () => {
  const clock = new FakeClock();
  const asked = askSecondOpinion("a = 1", { clock, isAccepted: true, timeoutMs: 100 });
  await clock.advance(100);
  expect(await asked).toBeUndefined();
});
