import { expect, test } from "vitest";
import { parseJobFile } from "../../src/jobspec/parse-job-file.ts";
import { formatDiagnostic } from "../../src/lib/diagnostic.ts";

const parsed = (text: string, file = "a.json"): unknown => {
  const result = parseJobFile(text, { file });
  return result.ok ? result.body : result.diagnostics.map(formatDiagnostic);
};

const language = `{"job": {"web": {
  "type": "batch",
  "group": {"g": {"task": {"t": {"driver": "raw_exec", "config": {"command": "/bin/true"}}}}}
}}}`;

test("a file holds JSON in the form of the API or of the language, whatever its name says", () => {
  for (const file of ["a.json", "a.nomad.json", "a.nomad", "a.hcl", "a.nomad.hcl"]) {
    expect(parsed(language, file)).toMatchObject({
      ID: "web",
      Type: "batch",
      TaskGroups: [{ Name: "g", Tasks: [{ Name: "t", Config: { command: "/bin/true" } }] }],
    });
    expect(parsed('{"Job": {"ID": "web"}}', file)).toEqual({ ID: "web" });
    expect(parsed('\uFEFF {"ID": "web"}', file)).toEqual({ ID: "web" });
  }
  expect(parsed('job "web" {\n}', "a.nomad.hcl")).toMatchObject({ ID: "web" });
});

test("a fault of either form has its place", () => {
  expect(parsed(language.replace('"type"', '"tipe"'))).toEqual([
    expect.stringMatching(/^a\.json:2,3-9: Unsupported argument; .*Did you mean "type"/),
  ]);
  expect(parsed('{\n  "Job": {"ID": "a",\n    "Priority": "high"}\n}')).toEqual([
    'a.json:3,17-23: Job.Priority: expected a whole number, got the text "high"; ',
  ]);
  expect(parsed('{\n  "ID": "a", "TaskGroups": [{"Count": 1.5}]\n}')).toEqual([
    "a.json:2,39-42: Job.TaskGroups[0].Count: expected a whole number, got 1.5; ",
  ]);
  expect(parsed('{"Job": null}')).toEqual(["a.json:1,9-13: Job: expected an object, got null; "]);
});

test("broken JSON is told with its place before anybody asks for its form", () => {
  expect(parsed('{\n  "ID": "a",,\n}')).toEqual([
    expect.stringMatching(/^a\.json:2,13-14: Invalid property name; /),
  ]);
  expect(parsed('{"ID": "a"', "a.hcl")).toEqual([
    expect.stringMatching(/^a\.hcl:1,1-2: Unclosed object; /),
  ]);
  expect(parsed("")).toEqual([expect.stringMatching(/^a\.json:1,1-1: Missing JSON value; /)]);
});

test("the plain form in a file named .json is told to take another name", () => {
  for (const text of ['\njob "web" {\n}', '\n# a job\njob "web" {\n}'])
    expect(parsed(text)).toEqual([
      expect.stringMatching(/^a\.json:2,1-2: Not JSON; .* named \.nomad or \.hcl\.$/),
    ]);
});

test("JSON of neither form is refused with both of them shown", () => {
  expect(parsed('{\n  "group": {"g": {}}\n}')).toEqual([
    expect.stringMatching(
      /^a\.json:2,3-10: Not a job; Write \{"Job": .* or \{"job": .*; this is an object with "group"\.$/,
    ),
  ]);
  expect(parsed("[]")).toEqual([expect.stringMatching(/^a\.json:1,1-2: .* this is no object\.$/)]);
  expect(parsed('{"a": 1, "b": 1, "c": 1, "d": 1}')).toEqual([
    expect.stringMatching(/with "a", "b", "c", \.\.\.\.$/),
  ]);
  expect(parsed("{}")).toEqual([expect.stringMatching(/an object with nothing\.$/)]);
});

test("nesting that only the API's own reader takes is refused there, without a place", () => {
  const deep = `${"[".repeat(300)}${"]".repeat(300)}`;
  const text = `{"ID": "a", "TaskGroups": [{"Tasks": [{"Config": {"a": ${deep}}}]}]}`;
  expect(parsed(text)).toEqual([
    expect.stringMatching(/^<nil>: Job\.TaskGroups.*: nested deeper than 100 levels; $/),
  ]);
});
