import { expect, test } from "vitest";
import { faultsOf, taskOf } from "../../support.ts";

test("blocks become lists and labels become maps", () => {
  const task = taskOf('config {\n b "x" "y" {\n v = 1\n }\n l = { a = 1 }\n m = ({ a = 1 })\n}');
  expect(task["Config"]).toEqual({ b: [{ x: [{ y: [{ v: 1 }] }] }], l: [{ a: 1 }], m: { a: 1 } });
});

test("a block wins over an argument of its name", () => {
  expect(taskOf("config {\n a = 1\n a {\n b = 2\n }\n}")["Config"]).toEqual({ a: [{ b: 2 }] });
});

test("maps of text take no blocks and no nested maps", () => {
  expect(
    faultsOf('job "j" {\n meta {\n a {\n }\n b = {}\n }\n}').map((f) => f.slice(0, 6)),
  ).toEqual(["t:3,4-", "t:5,6-"]);
});

test("a name that objects inherit is data like any other", () => {
  expect(Object.keys(taskOf("config {\n __proto__ = 1\n}")["Config"] ?? {})).toEqual(["__proto__"]);
});

test("a block with very many labels is refused: each is a level of maps", () => {
  const block = (count: number): string => `config {\nb${' "x"'.repeat(count)} {\n}\n}`;
  expect(() => taskOf(block(50))).not.toThrow();
  expect(() => taskOf(block(51))).toThrow("Too many labels");
});

test("what is set twice or infinite in a body of a plugin is refused at its place", () => {
  const faults = (inside: string): string[] =>
    faultsOf(`job "j" {\n group "g" {\n task "t" {\n ${inside}\n}\n}\n}`).map(
      (fault) => fault.split(";")[0] ?? "",
    );
  expect(faults("config {\n a = 1\n a = 2\n }")).toEqual(["t:6,2-3: Attribute redefined"]);
  expect(faults("config {\n a = [1 / 0]\n }")[0]).toContain("Unsuitable value");
  expect(faults("config {\n a = ({ b = [1 / 0] })\n }")[0]).toContain("Unsuitable value");
  expect(faults("env {\n a = 1\n a = 2\n }")).toEqual(["t:6,2-3: Attribute redefined"]);
  expect(faults("env {\n a = null\n }")[0]).toMatch(/^t:5,6/);
});
