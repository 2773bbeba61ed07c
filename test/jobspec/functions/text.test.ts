import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

test("text functions give what they give elsewhere", () => {
  const cases: readonly (readonly [string, Json])[] = [
    [String.raw`chomp("a\n\r\n\r")`, "a"],
    [String.raw`chomp("a\n b")`, "a\n b"],
    ['chomp("")', ""],
    ['lower("\u00c4\u0130\u03a3A\u03a3")', "\u00e4i\u03c3a\u03c3"],
    ['upper("stra\u00dfe \u0149")', "STRA\u00dfE \u0149"],
    ['title("a-b c\'d e_f 1a \u00e4\u2014b")', "A-B C'D E_f 1a \u00c4\u2014b"],
    ['title("hello WORLD")', "Hello WORLD"],
    ['reverse("ae\u0301\u{1F468}\u200D\u{1F469}")', "\u{1F468}\u200D\u{1F469}\u00e9a"],
    ['strrev("abc")', "cba"],
    ['strlen("")', 0],
    ['strlen("\u{1F1E9}\u{1F1EA}e\u0301")', 2],
    ['substr("abcdef", 1, 2)', "bc"],
    ['substr("abcdef", 2, -1)', "cdef"],
    ['substr("abcdef", -2, 5)', "ef"],
    ['substr("abc", -9, 2)', "ab"],
    ['substr("abc", 9, 1)', ""],
    ['substr("abc", 1, 0)', ""],
    ['substr("\u{1F6A2}x\u{1F6A2}", 1, 2)', "x\u{1F6A2}"],
    ['trim("xxaxx", "x")', "a"],
    ['trim("\u{1F6A2}a\u{1F6A2}", "\u{1F6A2}")', "a"],
    ['trim("abc", "")', "abc"],
    ['trimprefix("aab", "a")', "ab"],
    ['trimsuffix("baa", "a")', "ba"],
    ['trimsuffix("abc", "")', "abc"],
    ['trimspace("\u00a0\u2003 a b\u0085\t")', "a b"],
    ['trimspace("\ufeffa")', "\ufeffa"],
    [String.raw`indent(2, "a\nb\n\nc")`, "a\n  b\n  \n  c"],
    [String.raw`indent(0, "a\nb")`, "a\nb"],
    ['join("-", ["a"], [1, true])', "a-1-true"],
    ['join("", [])', ""],
    ['split(",", "a,b,,c")', ["a", "b", "", "c"]],
    ['split(",", "")', [""]],
    ['split("", "a\u{1F6A2}b")', ["a", "\u{1F6A2}", "b"]],
    ['replace("aaa", "aa", "b")', "ba"],
    ['replace("ab", "", "-")', "-a-b-"],
    ['replace("a.b", ".", "$1")', "a$1b"],
    ['replace("", "", "x")', "x"],
    ['regex_replace("a1b22", "[0-9]+", "<$0>")', "a<1>b<22>"],
    ['regex_replace("abc", "(a)(b)?", "$2$1")', "bac"],
    ['regex_replace("abc", "(?P<x>b)", "[$${x}]")', "a[b]c"],
    ['regex_replace("abc", "b", "$$")', "a$c"],
    ['regex_replace("abc", "(b)", "$1x")', "ac"],
    ['regex_replace("abc", "", "-")', "-a-b-c-"],
    ['regex_replace("\u00e9\u{1F6A2}x", "x", "y")', "\u00e9\u{1F6A2}y"],
    [String.raw`regex_replace("a\\b", "\\\\", "/")`, "a/b"],
    ["upper(12)", "12"],
    ["strlen(true)", 4],
  ];
  for (const [text, value] of cases) expect(valueOf(text), text).toEqual(value);
});

test.each([
  ["upper(null)", "1,7 Invalid function argument"],
  ["upper([])", "1,7 Invalid function argument"],
  ["upper()", "1,7 Not enough function arguments"],
  ['upper("a", "b")', "1,13 Too many function arguments"],
  ['indent(-1, "a")', "1,8 Invalid function argument"],
  ['indent(1.5, "a")', "1,8 Invalid function argument"],
  ['join(",", [null])', "1,11 Invalid function argument"],
  ['join(",", [[1]])', "1,11 Invalid function argument"],
  ['join(",")', "1,9 Not enough function arguments"],
  ['regex_replace("a", "(", "")', "1,21 Invalid function argument"],
  ['regex_replace("a", "(?=a)", "")', "1,21 Invalid function argument"],
  ['substr("abc", 0.5, 1)', "1,15 Invalid function argument"],
])("%s is refused", (text, fault) => {
  expect(faultOf(() => valueOf(text))).toBe(fault);
});

test("calls that would grow too large end in a fault", () => {
  const names = { big: "\n".repeat(20_000), a: "a".repeat(20_000) };
  expect(faultOf(() => valueOf("indent(1000, big)", names))).toContain("Error in function call");
  expect(faultOf(() => valueOf('replace(a, "a", a)', names))).toContain("Error in function call");
  const slashes = { path: `${"/".repeat(20_000)}x` };
  expect(valueOf("basename(path)", slashes)).toBe("x");
});
