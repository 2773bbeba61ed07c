import { afterAll, describe, expect, test } from "vitest";
import { createJobReader } from "../../src/jobspec/job-reader.ts";
import { parseJob } from "../../src/jobspec/parse-job.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { hostileTexts } from "./hostile-texts.ts";

const reader = createJobReader({ clock: createSystemClock() });
afterAll(() => reader.close());

/** In every test run a part of each; the whole with `npm run fuzz`. */
const isWhole = process.env["FUZZ_FACTOR"] !== undefined;
const texts = hostileTexts((count) => (isWhole ? count : Math.ceil(count / 40) * 2));

describe("a hostile text is read or refused", () => {
  test.each(texts)(
    "%s",
    async (name, text) => {
      const options = { file: "hostile.nomad" };
      const here = parseJob(text, options);
      expect(here.ok || here.diagnostics.length > 0, name).toBe(true);
      const there = await reader.parse(text, options);
      expect(there.ok || there.diagnostics.length > 0, name).toBe(true);
    },
    60_000,
  );
});
