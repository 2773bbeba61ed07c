import { expect, test } from "vitest";
import { cursorOn, faultOf } from "../../support.ts";

test("newlines count outside brackets and are blanks inside", () => {
  const cursor = cursorOn("\na");
  expect(cursor.peek().kind).toBe("newline");
  expect(cursor.nested(false, () => cursor.peek().text)).toBe("a");
  expect(cursor.peek().kind).toBe("newline");
});

test("nesting beyond the cap is refused", () => {
  const cursor = cursorOn("x");
  const deeper = (left: number): unknown => cursor.deeper(() => (left > 0 ? deeper(left - 1) : 0));
  expect(deeper(150)).toBe(0);
  expect(faultOf(() => deeper(250))).toBe("1,1 Nested too deeply");
});
