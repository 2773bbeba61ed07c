import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeOf, isMissing } from "../../src/lib/errors.ts";

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (thrown) {
    return thrown;
  }
}

test("the code of a failed call of the system is told", () => {
  expect(codeOf(thrownBy(() => readFileSync("/dev/null/below")))).toBe("ENOTDIR");
  expect(codeOf({ code: "EXDEV" })).toBe("EXDEV");
});

test("what has no code has an empty one", () => {
  for (const thrown of [undefined, null, "ENOENT", new Error("ENOENT"), { code: 2 }])
    expect(codeOf(thrown)).toBe("");
});

test("missing is what is not there, also below a file, and nothing else", () => {
  expect(isMissing(thrownBy(() => readFileSync("/not-there")))).toBe(true);
  expect(isMissing(thrownBy(() => readFileSync("/dev/null/below")))).toBe(true);
  expect(isMissing(thrownBy(() => readFileSync("/")))).toBe(false);
});
