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

test("loops inside loops end", () => {
  const text =
    'job "j" {\nid = [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]\n}';
  expect(faultsOf(text)[0]).toContain("Too much to evaluate");
});
