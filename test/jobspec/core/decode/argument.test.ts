import { expect, test } from "vitest";
import { argumentSpec, zeroOf } from "../../../../src/jobspec/core/decode/argument.ts";
import { faultsOf, groupOf } from "../../support.ts";

test("plain fields have zero values and others do not", () => {
  expect(zeroOf(argumentSpec("A:int"))).toBe(0);
  expect(zeroOf(argumentSpec("A:int?"))).toBeUndefined();
  expect(zeroOf(argumentSpec("A:strings?"))).toBeUndefined();
});

test("durations are text with a unit or whole nanoseconds", () => {
  expect(groupOf('shutdown_delay = "1m30s"')["ShutdownDelay"]).toBe(90e9);
  expect(groupOf("shutdown_delay = 15")["ShutdownDelay"]).toBe(15);
  expect(faultsOf('job "j" {\n group "g" {\n shutdown_delay = "15"\n }\n}')[0]).toContain("t:3,20");
});

test("whole numbers have no fraction and are finite", () => {
  expect(faultsOf('job "j" {\n priority = 1.5\n}')[0]).toContain("whole number");
  expect(faultsOf('job "j" {\n priority = 4 / 0\n}')[0]).toContain("finite");
});

test("whole numbers fit their fields", () => {
  const inSpread = (text: string) => faultsOf(`job "j" {\n spread {\n ${text}\n }\n}`)[0] ?? "";
  expect(inSpread("weight = 127")).toBe("");
  expect(inSpread("weight = 128")).toContain("t:3,11-14: Unsuitable value type");
  expect(inSpread("weight = -129")).toContain("from -128 to 127");
  const target = (percent: string) => inSpread(`target "a" {\n percent = ${percent}\n}`);
  expect(target("255")).toBe("");
  expect(target("256")).toContain("from 0 to 255");
  expect(target("-1")).toContain("from 0 to 255");
  expect(faultsOf('job "j" {\n priority = 1e30\n}')[0]).toContain("too large");
  expect(faultsOf('job "j" {\n priority = -1e30\n}')[0]).toContain("too small");
});

test("a duration is never null, not even where it may be left out", () => {
  const text = 'job "j" {\n group "g" {\n shutdown_delay = null\n }\n}';
  expect(faultsOf(text)[0]).toContain("t:3,19-23: Unsuitable value type");
});

test("neither a list nor a map holds null, and what they hold is told", () => {
  const inJob = (text: string) => faultsOf(`job "j" {\n ${text}\n}`)[0] ?? "";
  expect(inJob('datacenters = ["a", null]')).toContain("t:2,16-27: Unsuitable value type");
  expect(inJob("meta = { a = null }")).toContain("t:2,9-21: Unsuitable value type");
  expect(inJob("datacenters = [[]]")).toContain("a list of texts is required, not this tuple");
  expect(inJob("meta = { a = [] }")).toContain("a map of texts is required, not this object");
});

test("lists of texts have no nulls in them", () => {
  const faults = (list: string): string | undefined =>
    faultsOf(`job "j" {\n datacenters = ${list}\n}`)[0];
  expect(faults('["a", null]')).toContain("null cannot be an element here");
  expect(faults("{ a = 1 }")).toContain("a list");
});

test("a duration of another kind is told what it should be", () => {
  const faults = (delay: string): string | undefined =>
    faultsOf(`job "j" {\n group "g" {\n shutdown_delay = ${delay}\n }\n}`)[0];
  expect(faults("[1]")).toContain("t:3,19");
  expect(faults("1.5")).toContain("t:3,19");
});

test("whole numbers may be as large as 63 bits are", () => {
  expect(faultsOf('job "j" {\n priority = 9223372036854775807\n}')).toEqual([]);
  expect(faultsOf('job "j" {\n priority = -9223372036854775808\n}')).toEqual([]);
  expect(faultsOf('job "j" {\n priority = 9223372036854779999\n}')[0]).toContain("too large");
});

test("every type of argument has its zero, and no other", () => {
  const zeros = ["string", "bool", "int", "duration", "trunc", "strings", "ints", "stringMap"];
  expect(zeros.map((type) => zeroOf(argumentSpec(`A:${type}`)))).toEqual([
    "",
    false,
    0,
    0,
    0,
    undefined,
    undefined,
    undefined,
  ]);
  expect(argumentSpec("$a_b:int!")).toEqual({ key: "$a_b", type: "int", mark: "!" });
  expect(() => argumentSpec("a")).toThrow("assertion failed");
});

test.each([
  ['group "g" {\n task "t" {\n leader = null\n }\n}', "a bool is required here, not null"],
  ["priority = []", "a number is required, not this tuple"],
  ["datacenters = 1", "a list of texts is required, not this number"],
  ["all_at_once = [1]", "a bool is required, not this tuple"],
  ["type = {}", "a string is required, not this object"],
  ["meta = [1]", "a map of texts is required, not this tuple"],
])("%s is told what it should be", (text, words) => {
  expect(faultsOf(`job "j" {\n ${text}\n}`)[0]).toContain(words);
});
