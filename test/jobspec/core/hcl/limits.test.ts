import { expect, test } from "vitest";
import { faultsOf } from "../../support.ts";

test("a value that doubles with every line is refused", () => {
  const lines = Array.from({ length: 40 }, (_, at) => `a${at + 1} = [local.a${at}, local.a${at}]`);
  const text = `locals {\na0 = ["x"]\n${lines.join("\n")}\n}\njob "j" {\n}`;
  expect(faultsOf(text)[0]).toContain("Value too large");
});

test("text that doubles with every line is refused", () => {
  const lines = Array.from(
    { length: 40 },
    (_, at) => `a${at + 1} = "\${local.a${at}}\${local.a${at}}"`,
  );
  expect(faultsOf(`locals {\na0 = "x"\n${lines.join("\n")}\n}\njob "j" {\n}`)[0]).toContain(
    "Value too large",
  );
});

const loops = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]";

test("loops inside loops end, and what was too much is told once, with its place and what to do", () => {
  const faults = faultsOf(`job "j" {\nid = ${loops}\nname = "x"\nregion = ${loops}\n}`);
  expect(faults).toEqual([
    expect.stringMatching(
      /^t:2,\d+-\d+: Too much to evaluate; .*500,000 steps.*Look for loops inside loops/,
    ),
  ]);
});

test("what is too much cannot be tried", () => {
  expect(faultsOf(`job "j" {\nid = try(${loops}, "x")\n}`)[0]).toContain("Too much to evaluate");
  expect(faultsOf(`job "j" {\nmeta = { a = can(${loops}) }\n}`)[0]).toContain(
    "Too much to evaluate",
  );
});

test("all values of a text share what may be spent", () => {
  const half = "length([for a in range(250) : [for b in range(250) : b]])";
  const text = (count: number): string => {
    const lines = Array.from({ length: count }, (_, at) => `a${at} = ${half}`);
    return `locals {\n${lines.join("\n")}\n}\njob "j" {\n}`;
  };
  expect(faultsOf(text(1)).join()).not.toContain("Too much to evaluate");
  expect(faultsOf(text(2)).join()).toContain("Too much to evaluate");
});

test("a text is read up to a number of words and signs", () => {
  const lines = (count: number): string => `job "j" {\nmeta {\n${"a = 1\n".repeat(count)}}\n}`;
  expect(faultsOf(lines(80_000))).toEqual([
    expect.stringMatching(/^t:7500\d,\d.*Too much to read; .*300,000 words and signs.*dynamic/),
  ]);
  expect(faultsOf(`{"job":{"j":{"meta":{"a":[${"1,".repeat(300_000)}1]}}}}`)).toEqual([
    expect.stringContaining("Too much to read"),
  ]);
});

test("a text that is too long is refused before it is read", () => {
  const long = (count: number): string => `job "j" {\nmeta { a = "${"x".repeat(count)}" }\n}`;
  expect(faultsOf(long(1_900_000))).toEqual([]);
  expect(faultsOf(long(2_000_000))).toEqual([expect.stringContaining("Text too long")]);
  expect(faultsOf(`{"job":{"j":{"name":"${"x".repeat(2_000_000)}"}}}`)).toEqual([
    expect.stringContaining("Text too long"),
  ]);
});

test("numbers with thousands of digits count as many words", () => {
  const numbers = (count: number): string => `job "j" {\nid = [${"1e5999,".repeat(count)}]\n}`;
  expect(faultsOf(numbers(6000))[0]).toContain("Too much to read");
  expect(faultsOf(numbers(1000))[0]).not.toContain("Too much to read");
});
