import { expect, test } from "vitest";
import { faultsOf } from "../../support.ts";

const inTask = (line: string) =>
  faultsOf(`job "j" {\n group "g" {\n task "t" {\n ${line}\n }\n }\n}`)[0];
const inGroup = (line: string) => faultsOf(`job "j" {\n group "g" {\n ${line}\n }\n}`)[0];
const inNetwork = (line: string) => inGroup(`network {\n ${line}\n }`);

test("a near miss is named", () => {
  expect(faultsOf('job "j" {\n update {\n min_health_time = "1s"\n }\n}')[0]).toContain(
    'Did you mean "min_healthy_time"?',
  );
  expect(inTask("resource {}")).toContain('Did you mean "resources"?');
});

test.each([
  [inTask('image = "x"'), '"image" belongs in "config".'],
  [inTask("memory = 1"), '"memory" belongs in "resources".'],
  [inTask("count = 1"), '"count" belongs in "group".'],
  [inTask('datacenters = ["a"]'), '"datacenters" belongs in "job".'],
  [inTask('port "x" {}'), '"port" belongs in "network".'],
  [inTask("check {}"), '"check" belongs in "service".'],
  [inTask('variable "x" {}'), '"variable" belongs at the top of the file.'],
  [inGroup('min_healthy_time = "1s"'), '"min_healthy_time" belongs in "update" or "migrate".'],
  [inGroup('group "x" {}'), '"group" belongs in "job".'],
  [inNetwork('task "x" {}'), '"task" belongs in "group".'],
  [inNetwork("memory = 1"), '"memory" belongs in "resources".'],
  [faultsOf('region = "x"\njob "j" {}')[0], '"region" belongs in "job".'],
  [faultsOf('driver "x" {}\njob "j" {}')[0], '"driver" belongs in "task".'],
])("a name of another block is sent to the nearest one that takes it: %s", (fault, advice) => {
  expect(fault).toContain(advice);
});

test("a misspelt name of a neighbouring block is found there", () => {
  expect(inTask("memroy = 1")).toContain('Did you mean "memory"? It belongs in "resources".');
});

test("a block written as an argument is told so, and an argument written as a block", () => {
  expect(inTask("config = {}")).toContain("Leave out the equals sign");
  expect(inTask("driver {}")).toContain("Write an equals sign");
});

test("what a small block takes is listed where nothing is near", () => {
  expect(inNetwork("dns {\n zzzzzz = 1\n }")).toMatch(
    /not expected here\. Expected here: "servers", "searches" or "options"\.$/,
  );
  expect(inTask("schedule {\n cron {\n zzzzzz {}\n }\n }")).toContain(
    'Expected here: "start", "end" or "timezone".',
  );
  expect(inTask("zzzzzzzz = 1")).toMatch(/not expected here\.$/);
});

test("thousands of unknown names are refused without much ado", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `min_health_time${at} {}`);
  const faults = faultsOf(`${lines.join("\n")}\njob "j" {\n update {\n${lines.join("\n")}\n }\n}`);
  expect(faults).toHaveLength(1000);
  expect(faults.at(-1)).toMatch(/are not expected here\.$/);
});
