import { expect, test } from "vitest";
import { createPaint } from "../../../src/cli/core/paint.ts";

test("paints only when it is on; a heading resets twice", () => {
  expect(createPaint(false).bold("x")).toBe("x");
  expect(createPaint(true).bold("x")).toBe("\u001b[1mx\u001b[0m\u001b[0m");
  expect(createPaint(true).red("x")).toBe("\u001b[31mx\u001b[0m");
});
