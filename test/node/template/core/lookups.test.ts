import { expect, test } from "vitest";
import { Lookups } from "../../../../src/node/template/core/lookups.ts";
import { noSources } from "../../../support/render-template.ts";

const home = { namespace: "default", region: "global" };
const asked = { kind: "variable", path: "a", ...home } as const;

test("what is not known yet is missing, and told once", () => {
  const lookups = new Lookups(noSources, { home, env: new Map() });
  expect(lookups.variable(asked)).toBeUndefined();
  expect(lookups.variable(asked)).toBeUndefined();
  expect(lookups.missing).toEqual([asked]);
  expect(lookups.asked).toEqual([asked]);
});

test("a variable that is known to be absent was asked for and is not missing by itself", () => {
  const lookups = new Lookups({ ...noSources, variable: () => "absent" }, { home, env: new Map() });
  expect(lookups.variable(asked)).toBeUndefined();
  expect(lookups.missing).toEqual([]);
  expect(lookups.asked).toEqual([asked]);
});
