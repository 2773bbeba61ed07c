import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runAgainst, type CliOptions, type CliResult, type Routes } from "../fake-agent.ts";

const faulty = 'variable "v" {}\njob "é" { # é\n  cuont = 1\n  type = ["x"]\n}\n';
const good = 'job "j" {\n  type = "batch"\n}\n';
const valid: Routes = {
  "PUT /v1/validate/job": { body: { DriverConfigValidated: true, Error: "", Warnings: "" } },
};

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "validate-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function validate(
  text: string,
  args: readonly string[],
  routes: Routes = valid,
  options: CliOptions = {},
): Promise<CliResult> {
  const path = join(folder, "a.nomad");
  await writeFile(path, text);
  return runAgainst(routes, ["job", "validate", ...args, path], options);
}

test("faults go to stderr a line each where no person reads them", async () => {
  const result = await validate(faulty, []);
  expect(result).toMatchObject({ code: 1, out: "" });
  expect(result.err.replace(folder, "DIR")).toBe(
    [
      "Error getting job struct: Error parsing job file from DIR/a.nomad:",
      '<nil>: Unset variable; The variable "v" has no default and no value was given.',
      'a.nomad:3,3-8: Unsupported argument; An argument named "cuont" is not expected here. "count" belongs in "group".',
      "a.nomad:4,10-15: Unsuitable value type; Unsuitable value: a string is required, not this tuple.",
      "",
    ]
      .join("\n")
      .replace('"count" belongs in "group"', 'Did you mean "count"? It belongs in "group"'),
  );
});

test("a person at a terminal sees them in the text, with colours unless they are unwanted", async () => {
  const terminal = { tty: true } as const;
  const plain = await validate(faulty, ["-no-color"], valid, terminal);
  expect(plain).toMatchObject({ code: 1, out: "" });
  expect(plain.err.replace(folder, "DIR")).toMatch(
    /^Error getting job struct: Error parsing job file from DIR\/a.nomad:\n\nError: Unset variable\n {2}--> a.nomad:1,10-13\n/,
  );
  expect(plain.err).toContain("  3 |   cuont = 1\n    |   ^^^^^\n");
  const painted = await validate(faulty, [], valid, terminal);
  expect(painted.err).toContain("\u001b[31m^^^^^\u001b[0m");
  const other = await validate(faulty, [], valid, { ...terminal, env: { NO_COLOR: "1" } });
  expect(other.err).toBe(plain.err);
  const forced = await validate(faulty, ["-force-color"], valid, { env: { NO_COLOR: "1" } });
  expect(forced.err).toBe(painted.err);
});

test("-json gives them as data for editors", async () => {
  const result = await validate(faulty, ["-json"]);
  expect(result).toMatchObject({ code: 1, err: "" });
  const data: unknown = JSON.parse(result.out);
  expect(data).toMatchObject([
    { summary: "Unset variable", file: "a.nomad", start: { line: 1, column: 10, byte: 9 } },
    {
      severity: "error",
      summary: "Unsupported argument",
      file: "a.nomad",
      start: { line: 3, column: 3, byte: 34 },
      end: { line: 3, column: 8, byte: 39 },
    },
    { summary: "Unsuitable value type", start: { line: 4, column: 10 } },
  ]);
  expect(Buffer.from(faulty).subarray(34, 39).toString()).toBe("cuont");
});

test("-json tells what the agent says, which has no place", async () => {
  const answer = (body: object): Routes => ({ "PUT /v1/validate/job": { body } });
  expect(await validate(good, ["-json"])).toMatchObject({ code: 0, out: "[]\n" });
  const refused = await validate(
    good,
    ["-json"],
    answer({ DriverConfigValidated: true, ValidationErrors: ["a", "b"], Error: "a\nb" }),
  );
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject([{ detail: "a" }, { detail: "b" }]);
  const warned = await validate(good, ["-json"], answer({ Warnings: "1 warning:\n\n* hm\n" }));
  expect(warned.code).toBe(0);
  expect(JSON.parse(warned.out)).toMatchObject([
    { severity: "warning", detail: "1 warning:\n\n* hm" },
  ]);
});

test("a file that is JSON is a job in the API's form, as ever", async () => {
  const result = await validate('{"Job":{"ID":"j"}}', ["-json"]);
  expect(result).toMatchObject({ code: 0, out: "Job validation successful\n" });
  expect(result.requests.at(-1)?.body).toMatchObject({ Job: { ID: "j" } });
  const broken = await validate(" {", ["-json"]);
  expect(broken).toMatchObject({ code: 1, err: "" });
  expect(JSON.parse(broken.out)).toMatchObject([
    { summary: "not valid JSON: unexpected EOF", start: { line: 1, column: 3, byte: 2 } },
  ]);
  expect((await validate('{"ID":"j"}', ["-json", "-var=a=1"])).err).toBe(
    "Invalid job options: cannot use variables with JSON files.\n",
  );
  expect(await validate(good, ["-json", "-var=a=1"])).toMatchObject({ code: 1 });
});

test("without an agent the job's own rules are checked", async () => {
  const alone = { env: { NOMAD_ADDR: "http://127.0.0.1:1" } };
  const whole = 'job "j" {\n group "g" {\n task "t" {\n driver = "exec"\n }\n }\n}\n';
  expect((await validate(whole, [], {}, alone)).out).toMatch(
    /^Driver configuration not validated[^]*Job validation successful\n$/,
  );
  expect(await validate(whole, ["-json"], {}, alone)).toMatchObject({ code: 0, out: "[]\n" });
  const none = await validate(good, [], {}, alone);
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining("Missing job task groups") });
  const data = JSON.parse((await validate(good, ["-json"], {}, alone)).out) as unknown;
  expect(data).toMatchObject([
    {
      severity: "error",
      summary: "Missing job task groups",
      file: "a.nomad",
      start: { line: 1, column: 1, byte: 0 },
      end: { line: 1, column: 8, byte: 7 },
    },
  ]);
});

const wrong = `job "é" {
  group "g" {
    task "t" {
      driver = "exec"
      resources { cpu = -1 }
    }
  }
}
`;
const finding = {
  Severity: "error",
  Summary: "driver exec: unknown option config.comand",
  Detail: 'In task "t" of group "g".',
  Path: ["TaskGroups", 0, "Tasks", 0, "Resources", "CPU"],
};
const told: Routes = {
  "PUT /v1/validate/job": {
    body: {
      DriverConfigValidated: true,
      ValidationErrors: ["all in one"],
      Error: "1 error occurred:\n\t* all in one\n\n",
      Warnings: "",
      Diagnostics: [finding, { ...finding, Severity: "warning", Summary: "careful" }],
    },
  },
};

test("what the agent has against the job is shown in the file where a person reads it", async () => {
  const piped = await validate(wrong, [], told);
  expect(piped).toMatchObject({
    code: 1,
    err: "Job validation errors:\n1 error occurred:\n\t* all in one\n",
  });
  expect(piped.requests.at(-1)?.body).toMatchObject({ Diagnostics: true });
  const shown = await validate(wrong, ["-no-color"], told, { tty: true });
  expect(shown.err).toBe(
    [
      "Job validation errors:",
      "",
      "Error: driver exec: unknown option config.comand",
      "  --> a.nomad:5,19-27",
      "    |",
      "  5 |       resources { cpu = -1 }",
      "    |                   ^^^^^^^^",
      '  In task "t" of group "g".',
      "",
    ].join("\n"),
  );
});

test("-json gives what the agent has against the job with its places", async () => {
  const result = await validate(wrong, ["-json"], told);
  expect(result.code).toBe(1);
  const at = Buffer.from(wrong).indexOf("cpu");
  expect(JSON.parse(result.out)).toMatchObject([
    {
      severity: "error",
      summary: "driver exec: unknown option config.comand",
      file: "a.nomad",
      start: { line: 5, column: 19, byte: at },
      end: { line: 5, column: 27, byte: at + 8 },
    },
    { severity: "warning", summary: "careful", start: { line: 5 } },
  ]);
  const alone = { env: { NOMAD_ADDR: "http://127.0.0.1:1" } };
  expect(JSON.parse((await validate(wrong, ["-json"], {}, alone)).out)).toMatchObject([
    { summary: "minimum CPU value is 1; got -1", start: { line: 5, column: 19 } },
  ]);
});

test("a refused run or plan is explained in the file to a person, and told as it is to programs", async () => {
  const text = "1 error occurred:\n\t* all in one";
  const path = join(folder, "a.nomad");
  await writeFile(path, wrong);
  const routes: Routes = {
    ...told,
    "PUT /v1/jobs": { status: 500, text },
    "PUT /v1/job/é/plan": { status: 500, text },
  };
  const commands = [
    ["run", "Error submitting job", 1],
    ["plan", "Error during plan", 255],
  ] as const;
  for (const [command, title, code] of commands) {
    const plain = `${title}: Unexpected response code: 500`;
    const piped = await runAgainst(routes, ["job", command, path]);
    expect(piped).toMatchObject({ code, err: `${plain} (${text})\n` });
    expect(piped.requests.map(({ path: asked }) => asked)).not.toContain("/v1/validate/job");
    const shown = await runAgainst(routes, ["job", command, "-no-color", path], { tty: true });
    expect(shown.code).toBe(code);
    expect(shown.err).toMatch(new RegExp(`^${plain}\\n\\nError: driver exec: [^]*5 \\|  `));
    const other = { ...routes, "PUT /v1/validate/job": { body: { Error: "something else" } } };
    const unexplained = await runAgainst(other, ["job", command, "-no-color", path], { tty: true });
    expect(unexplained.err).toBe(`${plain} (${text})\n`);
  }
});

test("a text that makes endless work is refused, and a file that is far too large is not even read", async () => {
  const endless =
    'job "j" {\n  meta = { a = [for a in range(1000) : [for b in range(1000) : a]] }\n}\n';
  const refused = await validate(endless, []);
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toContain("a.nomad:2,");
  expect(refused.err).toContain("Too much to evaluate; ");
  await writeFile(join(folder, "large.nomad"), "");
  await truncate(join(folder, "large.nomad"), 10_000_000_000);
  const large = await runAgainst(valid, ["job", "validate", join(folder, "large.nomad")], {});
  expect(large).toMatchObject({ code: 1, out: "" });
  expect(large.err).toContain("it is larger than 16 MB");
});
