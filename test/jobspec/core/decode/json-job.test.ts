import { expect, test } from "vitest";
import { isJson } from "../../../../src/jobspec/core/decode/json-job.ts";
import { createSource } from "../../../../src/jobspec/core/hcl/source.ts";
import { formatDiagnostic, parseJob } from "../../../../src/jobspec/parse-job.ts";
import { faultsOf } from "../../support.ts";

test("a text that begins with a brace is JSON", () => {
  expect(isJson(createSource("t", "\uFEFF \n\t{}"))).toBe(true);
  expect(isJson(createSource("t", 'job "a" {}'))).toBe(false);
  expect(isJson(createSource("t", "# {"))).toBe(false);
});

const job = `{
  "//": "one of everything at the top",
  "variable": {
    "count": {
      "type": "number",
      "default": 2,
      "description": "\${kept}",
      "validation": {
        "condition": "\${var.count > 0}",
        "error_message": "The count must be positive."
      }
    },
    "names": { "type": "list(object({ name = string }))", "default": [{ "name": "\${a}" }] }
  },
  "variables": { "short": "\${plain}" },
  "locals": [{ "a": "\${local.b}!" }, { "b": "\${upper(var.short)}" }],
  "job": {
    "j": {
      "meta": { "\${local.b}": "x", "runtime": "\${attr.os.name}" },
      "group": {
        "g": {
          "count": "\${var.count}",
          "dynamic": {
            "task": {
              "for_each": "\${var.names}",
              "iterator": "it",
              "labels": ["t\${it.key}"],
              "content": {
                "driver": "docker",
                "config": { "image": "\${local.a}", "auth": { "user": "\${it.value.name}" } }
              }
            }
          }
        }
      }
    }
  }
}`;

test("variables, locals, dynamic blocks and templates work as in the plain form", () => {
  const result = parseJob(job, { file: "t", variableFlags: { count: "3" } });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  expect(result.body).toMatchObject({
    ID: "j",
    Meta: { "${PLAIN}": "x", runtime: "${attr.os.name}" },
    TaskGroups: [
      {
        Name: "g",
        Count: 3,
        Tasks: [{ Name: "t0", Config: { image: "${PLAIN}!", auth: [{ user: "${a}" }] } }],
      },
    ],
  });
});

test("values of variables in JSON have their places and stay as they are", () => {
  const text =
    'variable "a" {\n  type = number\n}\nvariable "b" {\n  default = ""\n}\njob "j" {\n  name = var.b\n}';
  const values = (json: string) =>
    parseJob(text, {
      file: "t",
      variableFiles: [{ name: "v.json", text: json }],
      strictVariables: true,
    });
  const fine = values('{"a": 12345678901234567890, "b": "${x}"}');
  expect(fine.ok && fine.body["Name"]).toBe("${x}");
  const faults = (json: string): readonly string[] => {
    const result = values(json);
    return result.ok ? [] : result.diagnostics.map(formatDiagnostic);
  };
  expect(faults('{\n  "a": "x"\n}')[0]).toMatch(/^v\.json:2,8-11: Invalid value for variable/);
  expect(faults('{"a": 1, "zz": 2}')[0]).toMatch(/^v\.json:1,10-14: Undefined variable/);
  expect(faults('{"a": 1,}')[0]).toMatch(/^v\.json:1,8-9: Trailing comma/);
});

test.each([
  ['{"job": {}}', "t:1,9-10: Missing name for job"],
  ['{"jobs": {"j": {}}}', "t:1,2-8: Unsupported argument"],
  ['{"job": {"a": {}, "b": {}}}', "t:1,2-7: Duplicate job block"],
  ['{"job": {"j": {"group": {"g": {"taks": {}}}}}}', "t:1,32-38: Unsupported argument"],
  ['{"job": {"j": {"update": [{}, {}]}}}', "t:1,16-24: Duplicate update block"],
  ['{"job": {"j": {"priority": 1, "priority": 2}}}', "t:1,31-41: Attribute redefined"],
  ['{"job": {"j": {"priority": "x"}}}', "t:1,29-30: Unsuitable value type"],
  ['{"job": {"j": {"priority": [1]}}}', "t:1,28-31: Unsuitable value type"],
  ['{"job": {"j": {"name": "${var.x}"}}}', "t:1,30-32: Unsupported attribute"],
  [
    '{"job": {"j": {"group": {"g": {"task": {"t": {"action": {"a": {}}}}}}}}}',
    "t:1,64-64: Missing required argument",
  ],
  ['{"job": {"j": {"name": "a\\n${"}}}', "t:1,30-30: Invalid expression"],
])("%s is faulty", (text, fault) => {
  expect(faultsOf(text)[0]).toContain(fault);
});

test.each([
  ['{"job": "x"}', "t:1,9-10: Incorrect JSON value type"],
  ['{"job": {"j": {"group": {"g": "ab"}}}}', "t:1,31-32: Incorrect JSON value type"],
  ['{"job": {"j": {"name": ["a", "b"]}}}', "t:1,24-34: Unsuitable value type"],
])("%s is marked where it is wrong", (text, fault) => {
  expect(faultsOf(text)[0]).toContain(fault);
});
