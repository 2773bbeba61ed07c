import { describe, expect, test } from "vitest";
import { evaluate } from "../../../../src/api/filter/core/evaluate.ts";
import { parseFilter } from "../../../../src/api/filter/core/parse.ts";

const row = {
  Name: "web-1",
  Empty: "",
  Priority: 50,
  Stop: false,
  DeploymentID: null,
  Periodic: null,
  Tags: ["green", "hot"],
  Meta: { owner: "kettle", "a.b": "c" },
  Update: { MaxParallel: 1 },
};
const fits = (source: string): boolean =>
  evaluate(
    parseFilter(source, (pattern) => (text) => text.includes(pattern)),
    row,
  );

describe("evaluate", () => {
  test.each([
    'Name == "web-1"',
    "Priority == 50",
    "Priority != 51",
    "Stop == false",
    "Stop != true",
    'DeploymentID == ""',
    "DeploymentID is empty",
    "Periodic is nil",
    "Meta is not nil",
    "Tags contains hot",
    '"green" in Tags',
    "Tags not contains cold",
    'Name contains "eb-"',
    "owner in Meta",
    "Meta.owner == kettle",
    'Meta["a.b"] == c',
    "Meta.nobody != x",
    "Meta.nobody is empty",
    "Meta.nobody not contains x",
    "Update.MaxParallel == 1",
    'Name matches "web"',
    'Name not matches "api"',
    "Empty is empty",
    "Tags is not empty",
    "not Stop == true and Priority == 50",
    "Stop == true or Priority == 50",
    "any Tags as t { t == hot }",
    "all Tags as _, t { t != cold }",
    "any Meta as k, v { k == owner and v == kettle }",
    "any Meta as k { k == owner }",
  ])("%s fits", (source) => {
    expect(fits(source)).toBe(true);
  });

  test.each([
    "Name == web",
    "Priority == 51",
    "Meta.nobody == x",
    "Meta.nobody contains x",
    "Tags contains ho",
    "Periodic is not nil",
    "DeploymentID == x",
    "any Tags as t { t == cold }",
    "all Tags as t { t == hot }",
    "not Name contains web",
  ])("%s does not fit", (source) => {
    expect(fits(source)).toBe(false);
  });

  test.each([
    ["Moon == x", 'couldn\'t find key: struct field with name "Moon"'],
    ["constructor == x", "couldn't find key"],
    ["Stop == maybe", "strconv.ParseBool"],
    ["Priority == many", "strconv.ParseInt"],
    ["Tags == hot", "unable to find suitable primitive comparison"],
    ["Priority contains 5", "cannot perform in/contains"],
    ["Priority is empty", "cannot perform is empty"],
    ['Priority matches "5"', "cannot be matched"],
    ["any Priority as p { p == 1 }", "neither a list nor a map"],
  ])("%s makes no sense", (source, message) => {
    expect(() => fits(source)).toThrow(message);
  });
});
