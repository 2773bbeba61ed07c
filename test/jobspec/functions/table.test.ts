import { expect, test } from "vitest";
import { faultOf, valueOf } from "../support.ts";

test("text is counted and cut by what people see", () => {
  expect(valueOf('strlen("e\u0301\u{1F6A2}")')).toBe(2);
  expect(valueOf('substr("abcdef", -3, 2)')).toBe("de");
  expect(valueOf('title("a-b c")')).toBe("A-B C");
  expect(valueOf('upper("stra\u00dfe")')).toBe("STRA\u00dfE");
});

test("format knows the usual verbs", () => {
  expect(valueOf('format("%s-%03d %5.1f %t %q %%", "a", 7, 1.24, true, "x")')).toBe(
    'a-007   1.2 true "x" %',
  );
  expect(valueOf('formatlist("%s:%d", ["a", "b"], 1)')).toEqual(["a:1", "b:1"]);
  expect(faultOf(() => valueOf('format("%d")'))).toContain("Invalid function argument");
});

test("networks are cut into parts", () => {
  expect(valueOf('cidrsubnet("fd00:1::/32", 16, 162)')).toBe("fd00:1:a2::/48");
  expect(faultOf(() => valueOf('cidrhost("10.0.0.0/33", 1)'))).toContain(
    "Invalid function argument",
  );
});

test("patterns are linear ones", () => {
  expect(valueOf('regex_replace("aab", "a+", "x")')).toBe("xb");
  expect(faultOf(() => valueOf('regex_replace("a", "(?<=a)", "")'))).toContain("function argument");
});

test("file functions are refused when they are called", () => {
  expect(faultOf(() => valueOf('file("/etc/passwd")'))).toBe("1,1 Error in function call");
});

test("csv keeps quoted commas", () => {
  expect(valueOf(String.raw`csvdecode("a,b\n\"x,y\",2\n")`)).toEqual([{ a: "x,y", b: "2" }]);
});
