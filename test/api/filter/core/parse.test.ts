import { describe, expect, test } from "vitest";
import { assertNever } from "../../../../src/lib/errors.ts";
import type { Expression } from "../../../../src/api/filter/core/expression-types.ts";
import { parseFilter } from "../../../../src/api/filter/core/parse.ts";

const show = (expression: Expression): string => {
  switch (expression.kind) {
    case "and":
    case "or":
      return `(${show(expression.left)} ${expression.kind} ${show(expression.right)})`;
    case "not":
      return `!${show(expression.of)}`;
    case "some":
    case "every":
      return `${expression.kind} ${expression.path.join("/")} ${expression.names.join(",")} {${show(expression.of)}}`;
    case "match": {
      const { path, operator, value } = expression.match;
      return `${path.join("/")} ${operator} ${JSON.stringify(value)}`;
    }
    default:
      return assertNever(expression);
  }
};
const parsed = (source: string): string =>
  show(
    parseFilter(source, (pattern) => {
      if (pattern === "(") throw new Error("missing )");
      return () => true;
    }),
  );

describe("parseFilter", () => {
  test.each([
    ['Name == "web"', 'Name equal "web"'],
    ["Status != running", 'Status not equal "running"'],
    ["Priority == 50", 'Priority equal "50"'],
    ['Tags contains "x"', 'Tags in "x"'],
    ["Tags not contains x.y", 'Tags not in "x.y"'],
    ['"x" in Tags', 'Tags in "x"'],
    ["x not in Tags", 'Tags not in "x"'],
    ["5 in Numbers", 'Numbers in "5"'],
    ["Periodic is not nil", 'Periodic not nil ""'],
    ["Meta is empty", 'Meta empty ""'],
    ['Name matches "^a"', 'Name matches "^a"'],
    ['Name not matches "^a"', 'Name not matches "^a"'],
    ['Meta["a b"] == 1', 'Meta/a b equal "1"'],
    ['"/Meta/a~1b" == "1"', 'Meta/a/b equal "1"'],
    ["TaskGroups.0.Name == web", 'TaskGroups/0/Name equal "web"'],
    ["a == 1 or b == 2 and c == 3", '(a equal "1" or (b equal "2" and c equal "3"))'],
    ["(a == 1 or b == 2) and c == 3", '((a equal "1" or b equal "2") and c equal "3")'],
    ["not a == 1 and b == 2", '(!a equal "1" and b equal "2")'],
    ["any Tags as t { t == x }", 'some Tags t {t equal "x"}'],
    ["all Meta as k, v { v is not empty }", 'every Meta k,v {v not empty ""}'],
  ])("reads %s", (source, tree) => {
    expect(parsed(source)).toBe(tree);
  });

  test.each([
    ["", "1:1 (0): no match found at EOF, expected: a name"],
    ["Name", '1:5 (4): no match found at EOF, expected: "matches"'],
    ["Name == ", "1:9 (8): no match found at EOF"],
    ["(Name == a", '1:11 (10): no match found at EOF, expected: ")"'],
    ["Name == a b", '1:11 (10): no match found at "b"'],
    ["Name matches `(`", "1:14 (13): failed to compile regular expression: missing )"],
    [`${"(".repeat(200)}a == 1`, "nested too deeply"],
  ])("refuses %s", (source, message) => {
    expect(() => parsed(source)).toThrow(message);
  });
});
