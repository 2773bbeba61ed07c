import { expect, test } from "vitest";
import { faultOf, faultsOf, valueOf } from "../../support.ts";

test("names nobody declared stay as they are written", () => {
  expect(valueOf("attr.os.name")).toBe("${attr.os.name}");
  expect(valueOf('"${ NOMAD_X }"')).toBe("${ NOMAD_X }");
  expect(valueOf('"${env["HOME"]}/x"')).toBe('${env["HOME"]}/x');
  // The reference doubles the braces that stand right behind; here they stay as they are.
  expect(valueOf('"x${A}}y"')).toBe("x${A}}y");
  expect(valueOf('"{{${A}} }}"')).toBe("{{${A}} }}");
});

test("a collection cannot be part of a text", () => {
  expect(faultOf(() => valueOf('"a${[1]}"'))).toBe("1,5 Invalid template interpolation value");
});

test("keys of a for may not repeat unless they are grouped", () => {
  expect(faultOf(() => valueOf('{ for x in ["a", "a"] : x => 1 }'))).toBe(
    "1,25 Duplicate object key",
  );
  expect(faultOf(() => valueOf("[for x in 5 : x]"))).toBe("1,11 Iteration over non-iterable value");
});

test("both sides of a conditional take one type", () => {
  expect(valueOf('true ? 1 : "x"')).toBe("1");
  expect(faultOf(() => valueOf("true ? 1 : []"))).toBe("1,8 Inconsistent conditional result types");
});

test.each([
  ["{ (1 + 1) = 1, (null) = 2 }", "t:2,33-34: Null value as key; A key must be text, not null."],
  ["{ ([]) = 1 }", "Incorrect key type; A key must be text, not tuple."],
  ["[for x in 5 : x]", "A list, set, map or object is needed here, not this number."],
  ['"%{ for x in 5 }%{ endfor }"', "A list, set, map or object is needed here, not this number."],
  ['"a${[1]}"', "A tuple cannot be part of a text."],
  ['"a${null}"', "A null cannot be part of a text."],
  ["true ? 1 : []", "The true result is a number, the false result a tuple."],
  ["1 ? 2 : 3", "A bool is required here, not this number."],
  ["[for x in [1] : x if 5]", "A bool is required here, not this number."],
  ['{ for x in ["a", "a"] : x => 1 }', 'Two items produced the key "a".'],
])("%s is refused with what is wrong about it", (text, words) => {
  expect(faultsOf(`job "j" {\n meta = ${text}\n}`)[0]).toContain(words);
});

test("keys of objects are words, text or worked out", () => {
  expect(
    valueOf('{ a = 1, "b c" = 2, (upper("d")) = 3, 4 = 4, 1.50 = 5, true = 6, null = 7 }'),
  ).toEqual({
    a: 1,
    "b c": 2,
    D: 3,
    4: 4,
    "1.5": 5,
    true: 6,
    null: 7,
  });
  expect(valueOf('{ "${a}-x" = a }', { a: "k" })).toEqual({ "k-x": "k" });
});

test("loops name the value alone or with its key, and take what meets their condition", () => {
  expect(valueOf("[for i, v in list : i + v]", { list: [5, 6] })).toEqual([5, 7]);
  expect(valueOf("[for k, v in map : k if v]", { map: { a: true, b: false } })).toEqual(["a"]);
  expect(valueOf("{ for k, v in map : k => v... }", { map: { a: 1 } })).toEqual({ a: [1] });
  expect(valueOf("{ for k, v in map : upper(k) => v }", { map: { a: 1, b: 2 } })).toEqual({
    A: 1,
    B: 2,
  });
  expect(valueOf("[for v in map : v]", { map: { b: 1, a: 2 } })).toEqual([2, 1]);
  expect(valueOf("[for v in [1] : [for v in [2] : v]]")).toEqual([[2]]);
});

test("text is put together from every kind of part", () => {
  expect(
    valueOf('"a%{ if x }b%{ endif }c${1}%{ for k, v in m }<${k}${v}>%{ endfor }${true}"', {
      x: true,
      m: { p: 1 },
    }),
  ).toBe("abc1<p1>true");
  expect(valueOf('"%{ if x }b%{ endif }"', { x: false })).toBe("");
});
