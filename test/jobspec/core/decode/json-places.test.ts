import { expect, test } from "vitest";
import { rangeInJson } from "../../../../src/jobspec/core/decode/json-places.ts";
import { readJsonText } from "../../../../src/jobspec/core/hcl/json-text.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import type { JsonPath } from "../../../../src/lib/json-path.ts";

const text = `{"Job": {
  "TaskGroups": [
    {"name": "a", "Count": "x"},
    {"Name": "b", "Tasks": [{"Config": {"image": 1}}]}
  ],
  "Meta": {"a": "1"}, "meta": {"b": "2"}
}}`;
const at = (...path: JsonPath): string => {
  const { start, end } = rangeInJson(readJsonText(createSource("t", text)), path);
  return `${start}: ${text.slice(start, end)}`;
};

test("a plain value is found by its path", () => {
  expect(at("Job", "TaskGroups", 0, "Count")).toBe(`${text.indexOf('"x"')}: "x"`);
  expect(at("Job", "TaskGroups", 1, "Tasks", 0, "Config", "image")).toMatch(/: 1$/);
});

test("of an object or a list its name is shown, and of one in a list the sign that opens it", () => {
  expect(at("Job", "TaskGroups")).toMatch(/: "TaskGroups"$/);
  expect(at("Job", "TaskGroups", 1)).toBe(`${text.indexOf('{"Name": "b"')}: {`);
  expect(at()).toBe("0: {");
});

test("what is not written is told where it belongs", () => {
  expect(at("Job", "TaskGroups", 1, "Tasks", 0, "Config", "ports", 3)).toMatch(/: "Config"$/);
  expect(at("Job", "TaskGroups", 7, "Name")).toMatch(/: "TaskGroups"$/);
  expect(at("Other")).toBe("0: {");
});

test("names match without regard to case, an exact one first", () => {
  expect(at("Job", "TaskGroups", 0, "Name")).toMatch(/: "a"$/);
  expect(at("Job", "meta", "b")).toMatch(/: "2"$/);
  expect(at("Job", "Meta", "a")).toMatch(/: "1"$/);
});
