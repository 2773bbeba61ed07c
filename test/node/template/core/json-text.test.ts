import { isDeepEqual } from "../../../../src/lib/deep-equal.ts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Budget } from "../../../../src/node/template/core/budget.ts";
import { jsonText } from "../../../../src/node/template/core/json-text.ts";
import { valueOfJson } from "../../../../src/node/template/core/functions/parse.ts";
import { Dictionary, Structure } from "../../../../src/node/template/core/value.ts";
import type { Json } from "../../../../src/lib/json.ts";

const plain = { indent: "", isEscaped: true };

test("keys are sorted, fields are not, and marks of markup are escaped", () => {
  const value = new Dictionary(
    new Map<string, Structure | string>([
      ["b", "<&>"],
      [
        "a",
        new Structure(
          "S",
          new Map([
            ["Z", 1n],
            ["A", 2n],
          ]),
        ),
      ],
    ]),
  );
  expect(jsonText(value, plain, new Budget())).toBe(
    '{"a":{"Z":1,"A":2},"b":"\\u003c\\u0026\\u003e"}',
  );
  expect(jsonText("<", { indent: "", isEscaped: false }, new Budget())).toBe('"<"');
});

test("items of variables are their text", () => {
  expect(jsonText([new Structure("Item", new Map(), { text: "v" })], plain, new Budget())).toBe(
    '["v"]',
  );
});

test("what has no form in JSON is a fault", () => {
  expect(() => jsonText(Number.NaN, plain, new Budget())).toThrow("unsupported value: NaN");
});

test("any JSON comes back the same, plain and indented", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
      const value = valueOfJson(json as Json, new Budget(), "double");
      for (const indent of ["", "  "])
        expect(jsonText(value, { indent, isEscaped: true }, new Budget())).toSatisfy(
          (text: string) => isDeepEqual(JSON.parse(text), JSON.parse(JSON.stringify(json))),
        );
    }),
  );
});
