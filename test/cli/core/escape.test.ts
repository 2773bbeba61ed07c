import { expect, test } from "vitest";
import { escapeReader } from "../../../src/cli/core/escape.ts";

function typed(escape: string, ...pieces: readonly string[]): string {
  const read = escapeReader(escape);
  let text = "";
  for (const piece of pieces) {
    const { data, isLeft } = read(Buffer.from(piece));
    text += Buffer.from(data).toString();
    if (isLeft) return `${text}<left>`;
  }
  return text;
}

test.each([
  [["ls\n~."], "ls\n<left>"],
  [["~."], "<left>"],
  [["a~."], "a~."],
  [["\n", "~", "."], "\n<left>"],
  [["\r~."], "\r<left>"],
  [["~~."], "~."],
  [["~x\n"], "~x\n"],
  [["~~~."], "~~."],
])("%j comes through as %j", (pieces, wanted) => {
  expect(typed("~", ...pieces)).toBe(wanted);
});

test("another character, or none", () => {
  expect(typed("%", "~.\n%.")).toBe("~.\n<left>");
  expect(typed("", "~.")).toBe("~.");
});
