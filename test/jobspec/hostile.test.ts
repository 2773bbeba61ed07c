import { afterAll, describe, expect, test } from "vitest";
import { createJobReader } from "../../src/jobspec/job-reader.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { measured } from "../support/cpu-time.ts";
import { hostileTexts } from "./hostile-texts.ts";

/**
 * The command line reads in its own thread, so what a text may cost is held by what is counted and by no clock. The
 * reader's clock is therefore out of reach here, its memory is not.
 */
const reader = createJobReader({ clock: createSystemClock(), limitMs: 120_000 });
afterAll(() => reader.close());

/** In every test run a part of each; the whole with `npm run fuzz`. */
const isWhole = process.env["FUZZ_FACTOR"] !== undefined;
const texts = hostileTexts((count) => (isWhole ? count : Math.ceil(count / 40) * 2));

/** Every text is read here; the reader in its thread, which must say the same, gets one of four in every test run. */
const isForReader = (at: number): boolean => isWhole || at % 4 === 0;

const mostTries = isWhole ? 3 : 1;

/** With the least time of a few tries: other programs share the processor's caches. */
function leastOf<T>(run: () => T): readonly [result: T, cpuMs: number] {
  let [result, least] = measured(run);
  for (let tries = 1; least > 1000 && tries < mostTries; tries += 1) {
    const [again, cpuMs] = measured(run);
    [result, least] = [again, Math.min(least, cpuMs)];
  }
  return [result, least];
}

describe("a hostile text is read or refused", () => {
  test.each(texts.map(([name, text], at) => [name, text, isForReader(at)] as const))(
    "%s",
    async (_, text, isAsked) => {
      const options = { file: "hostile.nomad" };
      const [here, cpuMs] = leastOf(() => parseJob(text, options));
      expect(here.ok || here.diagnostics.length > 0).toBe(true);
      // Whoever gets the answer writes it out.
      expect(JSON.stringify(here).length).toBeLessThan(20_000_000);
      if (isWhole) expect(cpuMs).toBeLessThan(1000);
      if (isAsked) expect(await reader.parse(text, options)).toEqual(here);
    },
  );
});
