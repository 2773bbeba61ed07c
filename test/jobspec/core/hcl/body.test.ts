import { expect, test } from "vitest";
import { readBody } from "../../../../src/jobspec/core/hcl/body.ts";
import { createSource, Faults } from "../../../../src/jobspec/core/hcl/source.ts";

function read(text: string) {
  const faults = new Faults();
  const body = readBody(createSource("t", text), faults);
  return {
    body,
    faults: faults.list.map((d) => `${d.start?.line},${d.start?.column} ${d.summary}`),
  };
}

test("arguments and blocks come in the order of the text", () => {
  const { body, faults } = read('a = 1\nb "x" y {\n  c = 2\n}\nd { e = 3 }');
  expect(faults).toEqual([]);
  expect(body?.items.map((item) => `${item.kind} ${item.name}`)).toEqual([
    "attribute a",
    "block b",
    "block d",
  ]);
  expect(body?.items[1]).toMatchObject({ labels: [{ text: "x" }, { text: "y" }] });
});

test("one-line blocks hold one argument and no block", () => {
  expect(read("a { b {} }").faults).toEqual(["1,5 Invalid single-line block"]);
  expect(read("a { b = 1\n}").faults).toEqual(["1,10 Invalid single-line block"]);
});

test("labels take no interpolation", () => {
  expect(read('job "a${b}" {}').faults).toEqual(["1,7 Invalid label"]);
});

test("what is neither is refused at its name", () => {
  expect(read("priority 50").faults).toEqual(["1,1 Invalid block or argument definition"]);
  expect(read("a {\n").faults).toEqual(["1,3 Unclosed configuration block"]);
});
