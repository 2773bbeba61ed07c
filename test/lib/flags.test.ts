import { expect, test } from "vitest";
import { asksForHelp, flag, parseFlags, readBool, readInt } from "../../src/lib/flags.ts";

const table = {
  detach: flag.bool("d"),
  n: flag.int("n", -1),
  task: flag.text("t"),
  var: flag.list("v"),
  wait: flag.duration("w"),
};
const parse = (...args: string[]) => parseFlags(table, args);

test("takes one or two dashes, with an equals sign or the next word", () => {
  const parsed = parse(
    "-detach",
    "--n=3",
    "-task",
    "web",
    "-var=a=1",
    "-var",
    "b=2",
    "-wait=2s",
    "id",
  );
  expect(parsed).toMatchObject({
    kind: "parsed",
    values: { detach: true, n: 3, task: "web", var: ["a=1", "b=2"], wait: 2e9 },
    words: ["id"],
  });
});

test("a bool never takes the next word, and says false only with an equals sign", () => {
  expect(parse("-detach", "false")).toMatchObject({ values: { detach: true }, words: ["false"] });
  expect(parse("-detach=f")).toMatchObject({ values: { detach: false } });
});

test("stops at the first word that is no flag and after a double dash", () => {
  expect(parse("demo", "-detach")).toMatchObject({
    values: { detach: false },
    words: ["demo", "-detach"],
  });
  expect(parse("--", "-detach")).toMatchObject({ words: ["-detach"] });
  expect(parse("-", "x")).toMatchObject({ words: ["-", "x"] });
});

test("refuses unknown flags, missing and bad values", () => {
  expect(parse("-moon")).toEqual({
    kind: "error",
    message: "flag provided but not defined: -moon",
  });
  expect(parse("-task")).toEqual({ kind: "error", message: "flag needs an argument: -task" });
  expect(parse("-n=x")).toMatchObject({ message: expect.stringContaining('invalid value "x"') });
  expect(parse("-detach=perhaps")).toMatchObject({ kind: "error" });
  expect(parse("---n")).toMatchObject({ message: "bad flag syntax: ---n" });
});

test("remembers which flags were written out", () => {
  const parsed = parse("-n=-1");
  expect(parsed.kind === "parsed" && [...parsed.given]).toEqual(["n"]);
});

test("reads numbers and bools as Go does", () => {
  expect([readInt("0x10"), readInt("010"), readInt("-3"), readInt("3.5")]).toEqual([
    16,
    8,
    -3,
    undefined,
  ]);
  expect([readBool("T"), readBool("0"), readBool("yes")]).toEqual([true, false, undefined]);
});

test("help counts anywhere before a double dash", () => {
  expect(asksForHelp(["id", "ls", "-h"])).toBe(true);
  expect(asksForHelp(["id", "--", "ls", "-h"])).toBe(false);
});
