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

test("two hundred levels are read and one more is not", () => {
  const cursor = cursorOn("x");
  const deeper = (left: number): unknown => (left > 0 ? cursor.deeper(() => deeper(left - 1)) : 0);
  expect(deeper(200)).toBe(0);
  expect(faultOf(() => deeper(201))).toBe("1,1 Nested too deeply");
});

test("a token is taken when it is the sign or word that is asked for", () => {
  const cursor = cursorOn('in ) "in"\n\nx');
  expect([cursor.takes(")"), cursor.takes("in"), cursor.sees(")"), cursor.takes(")")]).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(cursor.takes("in")).toBe(false);
  cursor.moveTo(9);
  cursor.skipNewlines();
  expect(cursor.next()).toMatchObject({ text: "x", start: 11, end: 12 });
  expect([cursor.lastEnd, cursor.rangeFrom(9).end, cursor.rangeFrom(20).end]).toEqual([12, 12, 20]);
});
