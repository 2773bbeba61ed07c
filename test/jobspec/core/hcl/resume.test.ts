import { expect, test } from "vitest";
import { resumeAt } from "../../../../src/jobspec/core/hcl/resume.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";

/** `<` marks the start of the item, `!` the fault; the answer is the text from where reading goes on. */
function rest(marked: string): string {
  const item = marked.indexOf("<");
  const fault = marked.replace("<", "").indexOf("!");
  const text = marked.replace(/[<!]/g, "");
  return text.slice(resumeAt(createSource("t", text), item, fault));
}

test.each([
  ["the next line", "a {\n  <b = !\n  c = 1\n}", "  c = 1\n}"],
  ["the end of the block", "a {\n  <b = !\n}\n", "}\n"],
  ["behind a list", "  <b = [\n    x !y,\n    z\n  ]\n  c = 1\n", "  c = 1\n"],
  ["behind an object", "  <b = {\n    x !y\n    z = 1\n  }\n  c = 1\n", "  c = 1\n"],
  ["behind a block whose head is wrong", "  <b x! = {\n    y = 1\n  }\n  c {\n", "  c {\n"],
  ["the line of the fault, when an item begins there", "<b = [\n!c = 1\n", "c = 1\n"],
  ["never the item again", "<!b 1\nb = 2", "b = 2"],
  ["the end of the text", "<b = !\n# c\n", ""],
])("goes on at %s", (_, marked, expected) => {
  expect(rest(marked)).toBe(expected);
});
