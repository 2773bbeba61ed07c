import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeJobBody } from "../../src/jobspec/decode-body.ts";

const recording = (name: string): { readonly Job: unknown } =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, "../golden/data/jobspec", `${name}.json-in`), "utf8"),
  );

test("lower-case keys are read", () => {
  expect(decodeJobBody({ id: "a", taskgroups: [{ name: "g" }] })).toEqual({
    ok: true,
    body: { ID: "a", TaskGroups: [{ Name: "g" }] },
  });
});

test("durations as text are refused", () => {
  expect(decodeJobBody(recording("duration-text-in-json").Job)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^Job\.Update\.Stagger: expected a duration/),
  });
});

test("text where a number belongs is refused", () => {
  expect(decodeJobBody(recording("wrong-type-in-json").Job)).toEqual({
    ok: false,
    message: 'Job.Priority: expected a whole number, got the text "high"',
    path: ["Priority"],
  });
});
