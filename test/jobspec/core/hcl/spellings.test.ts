import { describe, expect, test } from "vitest";
import type { Json } from "../../../../src/lib/json.ts";
import { convertValue } from "../../../../src/jobspec/core/hcl/value.ts";
import { evaluateText } from "../../../support/evaluate-text.ts";
import { expressionFaults } from "../../../support/expression-faults.ts";
import { fromJson, valueOf } from "../../support.ts";

type Case = readonly [text: string, value: Json];

const heredocs: readonly Case[] = [
  ["[<<A\none\nA\n, <<-B\n  two\n    three\n  B\n]", ["one\n", "two\n  three\n"]],
  ["upper(<<A\none\nA\n)", "ONE\n"],
  ['replace(<<A\none\nA\n, "n", <<B\nx\nB\n)', "ox\ne\n"],
  ["{ a = <<A\none\nA\n  b = 2 }", { a: "one\n", b: 2 }],
  ["(true ? <<A\none\nA\n : <<B\ntwo\nB\n)", "one\n"],
  ['"x${<<A\none\nA\n}y"', "xone\ny"],
  ["<<A\n${<<B\ninner\nB\n}A\nA\n", "inner\nA\n"],
  ["<<A\n\nA\n", "\n"],
  ["<<A\nA\n", ""],
  ["<<A\n A B\n  A  \n", " A B\n"],
  ["<<-A\n\tone\n\t\ttwo\n\tA\n", "one\n\ttwo\n"],
  ["<<-A\n\tone\n  two\n  A\n", "one\n two\n"],
  ["<<-A\n    one\n  ${1}\n    two\n    A\n", "  one\n1\n  two\n"],
  ["<<-A\n    one\n${1}\n    two\n    A\n", "    one\n1\n    two\n"],
  ["<<-A\n    one ${\n  1\n} x\n    A\n", "one 1 x\n"],
  ["<<-A\n    %{ if true ~}\n    one\n    %{ endif ~}\n    A\n", "    one\n"],
  ['<<A\na\\n"b" $${c} %%{d} $e 5% $\nA\n', 'a\\n"b" ${c} %{d} $e 5% $\n'],
  ["<<A\r\none\r\n  two\r\nA\r\n", "one\r\n  two\r\n"],
  ["<<-A\r\n  one\r\n\r\n    two\r\n  A\r\n", "one\r\n\r\n  two\r\n"],
];

const strips: readonly Case[] = [
  ['"a  ${~ 1 ~}  b"', "a1b"],
  ['"a \\n ${~ 1 ~} \\n b"', "a1b"],
  ['"a${~ " x " ~}b"', "a x b"],
  ['"${1 ~}  ${~ 2}"', "12"],
  ['"${1 ~}${" "}${~ 2}"', "1 2"],
  ['" ${~ true ~} "', "true"],
  ['"%{ if true ~} a %{~ else ~} b %{~ endif }"', "a"],
  ['"%{ for x in [1, 2] ~} ${x} %{~ endfor }"', "12"],
  ['"x %{~ for x in [] ~} y %{~ endfor ~} z"', "xz"],
  ["<<A\n  ${~ 1 ~}  \n  b\nA\n", "1  b\n"],
  ["<<A\na\n${~ 1 ~}\nb\nA\n", "a1b\n"],
  ["<<A\na\n ${~ 1 ~}\n b\nA\n", "a\n1 b\n"],
  ["<<A\n%{ for x in [1, 2] ~}\nx${x}\n%{ endfor ~}\nend\nA\n", "x1\nx2\nend\n"],
];

const splats: readonly Case[] = [
  ["null[*]", []],
  ["null.*", []],
  ["null[*].a.b[0]", []],
  ["5[*]", [5]],
  ['"a".*', ["a"]],
  ["{ a = 1 }[*].a", [1]],
  ["[][*].a", []],
  ["[{ a = [1, 2] }, { a = [3] }][*].a[0]", [1, 3]],
  ["[{ a = [1, 2] }, { a = [3] }].*.a[0]", [1, 2]],
  ["[{ a = [1, 2] }, { a = [] }][*].a[*]", [[1, 2], []]],
  ["[[{ a = 1 }], []][*][*].a", [[1], []]],
  ["[null, 1][*]", [null, 1]],
  ["[null, [1]][*][*]", [[], [1]]],
  ["[{ a = { b = 1 } }].*.a.b", [1]],
  ["[[1, 2], [3, 4]].*.1", [2, 4]],
  ['convert(["b", "a"], set(string))[*]', ["a", "b"]],
  ['convert({ x = "1" }, map(string))[*].x', ["1"]],
];

const groups: readonly Case[] = [
  ['{ for x in ["a", "b", "a"] : x => 1... }', { a: [1, 1], b: [1] }],
  ['{ for i, x in ["a", "b", "a"] : x => i... if i > 0 }', { b: [1], a: [2] }],
  ["{ for x in [] : x => x... }", {}],
  ["{ for k, v in { b = 1, a = 2, c = 1 } : v => k... }", { 1: ["b", "c"], 2: ["a"] }],
  ['{ for x in [1, 1.0, "1"] : x => x... }', { 1: [1, 1, "1"] }],
];

describe.each([
  ["heredocs", heredocs],
  ["strip marks", strips],
  ["splats", splats],
  ["groups", groups],
])("%s", (_name, cases) => {
  test.each(cases)("%j", (text, value) => {
    expect(valueOf(text)).toEqual(value);
  });
});

test("what a splat makes of a list or a set is a list", () => {
  const list = convertValue(fromJson(["a"]), { kind: "list", of: { kind: "string" } });
  expect(list?.type).toBe("list");
  expect(evaluateText("l[*] == l")).toEqual({ isRight: true, form: "true" });
  expect(evaluateText("ns[*]")).toEqual({ isRight: true, form: "list(number)(1/1, 5/2)" });
  expect(evaluateText("t[*] == t")).toEqual({ isRight: true, form: "true" });
});

/** What an expression is refused for, and where: it starts where the part at fault starts. */
const refused: readonly (readonly [text: string, faults: readonly string[]])[] = [
  ["convert([1], set(number))[0]", ["26 Invalid index"]],
  ['"a"[0]', ["4 Invalid index"]],
  ["null[0]", ["5 Invalid index"]],
  ["null.a", ["5 Attempt to get attribute from null value"]],
  ["[1][1.5]", ["4 Invalid index"]],
  ["[1][-1]", ["4 Invalid index"]],
  ["[1][true]", ["4 Invalid index"]],
  ["[1][null]", ["4 Invalid index"]],
  ["{ a = 1 }[null]", ["10 Invalid index"]],
  ["[1, null].*.a", ["12 Unsupported attribute", "12 Attempt to get attribute from null value"]],
  ["[for x in null : x]", ["11 Iteration over non-iterable value"]],
  ['[for x in "abc" : x]', ["11 Iteration over non-iterable value"]],
  ["{ for x in [1, 1] : x => x }", ["21 Duplicate object key"]],
  ["{ for x in [null] : x => x }", ["21 Null value as key"]],
  ["{ for x in [[]] : x => x }", ["19 Incorrect key type"]],
  ["[for x in [1] : x if null]", ["22 Invalid operand"]],
  ['"%{ for x in 5 }%{ endfor }"', ["14 Iteration over non-iterable value"]],
  ['"%{ if [] }%{ endif }"', ["8 Invalid operand"]],
  ['"a${null}"', ["5 Invalid template interpolation value"]],
  [
    "<<A\n${[]}x${{}}\nA\n",
    ["2,3 Invalid template interpolation value", "2,9 Invalid template interpolation value"],
  ],
  ["upper(([]))", ["8 Invalid function argument"]],
  ['upper("${[]}${1}")', ["10 Invalid template interpolation value"]],
  ["upper([{}][*])", ["11 Invalid function argument"]],
  ["upper([[]][length([])])", ["11 Invalid function argument"]],
  ["upper([[]][0])", ["7 Invalid function argument"]],
];

test.each(refused)("%j is refused where it is wrong", (text, faults) => {
  expect(expressionFaults(text)).toEqual(faults);
});

/** Names that nobody declares stay as they are spelled, up to the first step that has to be worked out. */
const kept: readonly Case[] = [
  ["attr.os.name", "${attr.os.name}"],
  ['attr["os"]. /* c */ name', '${attr["os"]. /* c */ name}'],
  ["attr.0.x[1]", "${attr.0.x[1]}"],
  ["attr.x[*]", ["${attr.x}"]],
  ["attr.x.*", ["${attr.x}"]],
  ['"${attr.x}"', "${attr.x}"],
  ['"a${attr.x}b"', "a${attr.x}b"],
  ['"a${~ attr.x ~}b"', "a${attr.x}b"],
  ["(attr.x)", "${attr.x}"],
  ["attr.x == attr.x", true],
  ["{ (attr.x) = attr.y }", { "${attr.x}": "${attr.y}" }],
  ["true ? attr.x : 1", "${attr.x}"],
  ["upper(attr.x)", "${ATTR.X}"],
];

test.each(kept)("%j keeps its names", (text, value) => {
  expect(valueOf(text)).toEqual(value);
});
