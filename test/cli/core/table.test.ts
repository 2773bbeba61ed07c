import { expect, test } from "vitest";
import { formatKeyValues, formatList, formatListWithSpaces } from "../../../src/cli/core/table.ts";

test("pads to the widest cell, joins with two blanks and names what is empty", () => {
  expect(
    formatList([
      ["ID", "Name", "Class"],
      ["1", "longer", ""],
      ["22", " b ", "x"],
    ]),
  ).toBe("ID  Name    Class\n1   longer  <none>\n22  b       x");
});

test("can leave empty cells blank, even at the end", () => {
  expect(
    formatListWithSpaces([
      ["Disk", "Addresses"],
      ["300 MiB", ""],
    ]),
  ).toBe("Disk     Addresses\n300 MiB  ");
});

test("aligns the values of pairs", () => {
  expect(
    formatKeyValues([
      ["ID", "x"],
      ["Node Name", ""],
    ]),
  ).toBe("ID        = x\nNode Name = <none>");
});
