import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createPaint } from "../../../src/cli/core/paint.ts";
import { planDiff } from "../../../src/cli/core/plan-diff.ts";
import type { FieldDiff, JobDiff } from "../../../src/model/job-diff.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../golden/data/${path}`, import.meta.url), "utf8");
const plain = createPaint(false);
const draw = (diff: JobDiff, verbose = false): string =>
  planDiff(diff, verbose, plain).replaceAll(/[ ]+$/gm, "");

test("draws the recorded diffs of a job's versions as recorded", () => {
  const recorded = JSON.parse(read("api/job-versions-diff-tag.json")) as {
    body: { Diffs: JobDiff[] };
  };
  const text = read("cli/job-history-diff-tag.txt");
  const expected = [...text.matchAll(/Diff {8}=\n(.*?)\n\n(?=Version)/gs)].map((match) => match[1]);
  expect(expected.length).toBe(2);
  expect(recorded.body.Diffs.slice(0, 2).map((diff) => draw(diff))).toEqual(expected);
});

const field = (
  Type: FieldDiff["Type"],
  Name: string,
  [Old, New]: readonly [string, string],
  note?: string,
) => ({ Type, Name, Old, New, Annotations: note === undefined ? null : [note] });

test("added and removed tasks expand only when asked for everything", () => {
  const task = {
    Type: "Added" as const,
    Name: "t",
    Fields: [field("Added", "Driver", ["", "docker"])],
    Objects: null,
    Annotations: ["forces create"],
  };
  const group = {
    Type: "Added" as const,
    Name: "g",
    Fields: [field("Added", "Count", ["", "1"], "forces create")],
    Objects: null,
    Tasks: [task],
    Updates: { create: 1 },
  };
  const diff: JobDiff = {
    Type: "Added",
    ID: "j",
    Fields: null,
    Objects: null,
    TaskGroups: [group],
  };
  expect(draw(diff)).toBe(
    '+ Job: "j"\n+ Task Group: "g" (1 create)\n  + Task: "t" (forces create)',
  );
  expect(draw(diff, true)).toBe(
    '+ Job: "j"\n+ Task Group: "g" (1 create)\n  + Count: "1" (forces create)\n  + Task: "t" (forces create)\n    + Driver: "docker"',
  );
});

test("paints marks and updates when colours are on", () => {
  const diff: JobDiff = {
    Type: "Edited",
    ID: "j",
    Fields: [field("Deleted", "Region", ["old", ""])],
    Objects: null,
    TaskGroups: null,
  };
  expect(planDiff(diff, false, createPaint(true))).toContain('\u001b[31m-\u001b[0m Region: "old"');
});
