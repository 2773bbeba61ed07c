import { expect, test } from "vitest";
import { readBody } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";

/** What the language refuses although it can be guessed what is meant, and what stands close to it and is right. */
const refused: readonly (readonly [text: string, fault: string])[] = [
  ["x = <<E  \na\nE\n", "1,5 Invalid expression"],
  ["x = <<E # c\nE\n", "1,5 Invalid expression"],
  ["x = <<E\na\nE", "3,2 Unterminated heredoc"],
  ["x = <<E\na\nE E\n", "4,1 Unterminated heredoc"],
  ["x = <<E\na\nE, 2]\n", "4,1 Unterminated heredoc"],
  ["x = <<E\na\rb\nE\n", "2,2 Invalid character"],
  ['x = "a\rb"\n', "1,7 Invalid character"],
  ['x = "\\ud800"\n', "1,6 Invalid escape sequence"],
  ['x = "\\U00110000"\n', "1,6 Invalid escape sequence"],
  ['x = "\\u00e"\n', "1,6 Invalid escape sequence"],
  ['x = "a ${ b ~ } c"\n', "1,13 Extra characters in a template"],
  ['x = "%{ if a ~ }b%{ endif }"\n', "1,14 Extra characters in a template"],
  ["x = { for = 1 }\n", "1,11 Invalid for expression"],
  ["x = { for : 1 }\n", "1,11 Invalid for expression"],
  ["x = [for, 1]\n", "1,9 Invalid for expression"],
  ["x = [for a in b : a...]\n", "1,20 Invalid for expression"],
  ["x = [for a in b : a => a]\n", "1,21 Invalid for expression"],
  ["x = { for a in b : a }\n", "1,22 Invalid for expression"],
  ["x = f(a..., )\n", "1,11 Unterminated argument list"],
  ["x = f(...)\n", "1,7 Invalid expression"],
  ["x = a.0.1\n", "1,7 Invalid legacy index syntax"],
  ["x = a.*.0.1\n", "1,9 Invalid legacy index syntax"],
  ["x = a.*.*\n", "1,9 Invalid attribute name"],
  ["x = a[\n*]\n", "2,1 Invalid expression"],
  ["x = a[*\n]\n", "1,8 Unterminated splat"],
  ["x = 1..2\n", "1,5 Invalid number"],
  ["x = 1.2.3\n", "1,5 Invalid number"],
  ["x = 1e\n", "1,6 Missing newline after argument"],
  ["x = a ?\n b : c\n", "1,8 Invalid expression"],
  ["x = a\n.b\n", "2,1 Argument or block definition required"],
  ["x = { a =\n 1 }\n", "1,10 Invalid expression"],
  ["x = {\n a\n = 1 }\n", "2,3 Missing attribute value"],
  ["x = { a = 1\n, b = 2 }\n", "2,1 Invalid expression"],
  ["x = a ? <<A\none\nA\n : 2\n", "3,2 Missing false expression"],
  ["x = { a = <<A\none\nA\n, b = 2 }\n", "4,1 Invalid expression"],
  ["x = [1,,]\n", "1,8 Invalid expression"],
  ["x = ()\n", "1,6 Invalid expression"],
  ['x = "%{ for a in b }%{ else }%{ endfor }"\n', "1,21 Unexpected template directive"],
  ['x = "%{ if a }b%{ else }%{ else }%{ endif }"\n', "1,25 Unexpected template directive"],
  ['x = "%{ if a b }%{ endif }"\n', "1,14 Extra characters in a template"],
];

const taken = [
  "x = { a = 1, for = 2 }\n",
  'x = { "for" = 1, (for) = 2 }\n',
  "x = [(for), 1]\n",
  "x = [for for in b : for]\n",
  "x = [for in in b : in]\n",
  "x = [for a in b : if if if]\n",
  "x = f(a ...)\n",
  "x = f(\n1,\n2,\n)\n",
  "x = f (1)\n",
  "x = [f(0...), a.0.b, a[0].0]\n",
  "x = (a[*\n])\n",
  "x = (a\n.b)\n",
  "x = (a ? <<A\none\nA\n : 2)\n",
  "x = [<<A\none\nA\n, <<-B\n  two\n B\n]\n",
  "x = f(<<A\none\nA\n)\n",
  "x = { a = <<A\none\nA\n b = 2 }\n",
  "x = { a = (\n1\n) }\n",
  "x = - - 1\n",
  "x = a. b .c\n",
  "x = a[ /* c */ 1 # d\n]\n",
  'x = "a${\n1 # c\n}b"\n',
  'x = "${{a=1}~}"\n',
  'x = "\t\u0001"\n',
  'x = "cost 5$"\n',
  "x = <<E\n5$\nE\n",
  "x = <<E\nE E\n  E  \n",
  "x = <<E\nE\n",
  "x = e\u0301\n",
];

function firstFault(text: string): string {
  const faults = new Faults();
  readBody(createSource("t", text), faults);
  const [first] = faults.list;
  return first === undefined
    ? "none"
    : `${first.start?.line},${first.start?.column} ${first.summary}`;
}

test.each(refused)("%j is refused", (text, fault) => {
  expect(firstFault(text)).toBe(fault);
});

test.each(taken)("%j is taken", (text) => {
  expect(firstFault(text)).toBe("none");
});
