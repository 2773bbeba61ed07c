import { expect, test } from "vitest";
import { plainText, readRule } from "../../../../src/jobspec/core/decode/variable-rules.ts";
import { readBody, readWholeExpression } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";
import { formatDiagnostic } from "../../../../src/jobspec/parse-job.ts";
import { faultOf, faultsOf, scopeWith } from "../../support.ts";

const scope = { ...scopeWith(), keepsUnknown: false };
const sound = ["condition = var.v > 0", 'error_message = "No."'];

function rule(lines: readonly string[], head = "validation") {
  const faults = new Faults();
  const text = `${head} {\n${lines.join("\n")}\n}`;
  const [block] = readBody(createSource("t", text), faults)?.items ?? [];
  if (block?.kind !== "block") throw new Error("there is one block");
  const read = readRule(block, "v", scope, faults);
  return { read, told: faults.list.map(formatDiagnostic) };
}

test("a rule is what must hold and what is said otherwise", () => {
  expect(rule(sound)).toMatchObject({ read: { message: "No." }, told: [] });
});

test.each([
  [["condition = var.v > 0"], "t:1,12-12: Missing required argument"],
  [['error_message = "No."'], "t:1,12-12: Missing required argument"],
  [[...sound, "level = 1"], "t:4,1-6: Unsupported argument"],
  [[...sound, "condition = true"], "t:4,1-10: Attribute redefined"],
  [["condition = true", 'error_message = "No."'], "t:2,13-17: Invalid variable validation"],
  [["condition = var.v > local.x", 'error_message = "No."'], "t:2,21-26: Invalid reference in"],
  [["condition = var.v > 0", 'error_message = ""'], "t:3,17-19: Invalid validation error"],
  [["condition = var.v > 0", 'error_message = "no."'], "t:3,17-22: Invalid validation error"],
  [["condition = var.v > 0", 'error_message = "No"'], "t:3,17-21: Invalid validation error"],
  [["condition = var.v > 0", "error_message = []"], "t:3,17-19: Unsuitable value type"],
])("%j is refused once", (lines, place) => {
  const { read, told } = rule(lines);
  expect(told).toEqual([expect.stringContaining(place)]);
  if (place.includes("Unsupported") || place.includes("redefined")) expect(read).toBeDefined();
  else expect(read).toBeUndefined();
});

test("labels are refused, and sentences of every script are let through", () => {
  expect(rule(sound, 'validation "x"').told).toEqual([expect.stringContaining("t:1,12-15")]);
  const message = (text: string) =>
    rule(["condition = var.v > 0", `error_message = "${text}"`]).told;
  expect(message("Élan?")).toEqual([]);
  expect(message("3 or more!")).toEqual([]);
  expect(message("値.")).toEqual([expect.stringContaining("Invalid validation error message")]);
});

test("a description is plain text", () => {
  const text = (source: string) => readWholeExpression(createSource("t", source));
  expect(plainText(text("1"), scope)).toBe("1");
  expect(faultOf(() => plainText(text("null"), scope))).toBe("1,1 Unsuitable value type");
  expect(faultsOf('variable "v" {\n description = var.v\n default = 1\n}\njob "j" {}')).toEqual([
    expect.stringContaining("t:2,16"),
  ]);
});
