import { expect, test } from "vitest";
import {
  behaviourOf,
  printedBy,
  printingTime,
} from "../../../../src/drivers/mock-driver/core/behaviour.ts";

const ms = 1e6;

test("a task without options ends at once, quietly and well", () => {
  expect(behaviourOf({})).toEqual({
    runMs: 0,
    exitCode: 0,
    exitSignal: 0,
    exitMessage: "",
    stdout: { text: "", repeat: 0, everyMs: 0 },
    stderr: { text: "", repeat: 0, everyMs: 0 },
  });
});

test("options are read for each stream", () => {
  const options = { run_for: 1_500 * ms, exit_code: 3, exit_signal: 9, exit_err_msg: "gone" };
  const printing = { stderr_string: "x", stderr_repeat: 2, stderr_repeat_duration: 100 * ms };
  expect(behaviourOf({ ...options, ...printing })).toMatchObject({
    runMs: 1_500,
    exitCode: 3,
    exitSignal: 9,
    exitMessage: "gone",
    stdout: { text: "" },
    stderr: { text: "x", repeat: 2, everyMs: 100 },
  });
});

test("a text is printed once and then as often as it repeats", () => {
  const printing = { text: "x", repeat: 2, everyMs: 100 };
  expect([-1, 0, 99, 100, 250, 9_999].map((at) => printedBy(printing, at))).toEqual([
    0, 1, 1, 2, 3, 3,
  ]);
  expect([0, 1, 2, 3].map((time) => printingTime(printing, time))).toEqual([
    0,
    100,
    200,
    undefined,
  ]);
});

test("without a pause all comes at once, and no text never comes", () => {
  expect(printedBy({ text: "x", repeat: 4, everyMs: 0 }, 0)).toBe(5);
  expect(printedBy({ text: "", repeat: 4, everyMs: 0 }, 10)).toBe(0);
  expect(printingTime({ text: "", repeat: 4, everyMs: 0 }, 0)).toBeUndefined();
});
