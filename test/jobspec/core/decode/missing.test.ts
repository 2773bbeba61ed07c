import { expect, test } from "vitest";
import { faultsOf } from "../../support.ts";

test("what is missing is told at the brace where it could stand", () => {
  const text = 'job "j" {\n group "g" {\n task "t" {\n action "a" {\n }\n }\n }\n}';
  expect(faultsOf(text)).toEqual([expect.stringMatching(/^t:4,13-13: Missing required argument/)]);
});
