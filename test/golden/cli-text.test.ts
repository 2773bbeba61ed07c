import { describe, expect, test } from "vitest";
import { drainFaults, layoutFaults, monitorFaults, textFaults } from "./player/cli-text.ts";
import { cliCases, commandFaults } from "./player/play-cli.ts";

const id = "1234abcd-1111-4111-8111-111111111111";
const time = "2026-01-02T03:04:05Z";
const table = (...lines: readonly string[]): string => lines.join("\n");

describe("placeholders", () => {
  test.each([
    ["ID = xxxxxxxx", "ID = 1234abcd"],
    ["ID = xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", `ID = ${id}`],
    ["tttt-tt-ttTtt:tt:ttZ: done (@ago)", `${time}: done (1h3m from now)`],
    ["http://127.0.0.1:ppppp/ui", "http://127.0.0.1:30123/ui"],
    ["@n/16 MiB", "328 KiB/16 MiB"],
    ["took @n", "took 1.5ms"],
    ["kiln/dispatch-nnnnnnnnnn-xxxxxxxx", "kiln/dispatch-1700000000-0a1b2c3d"],
    ["Nomad vv.v.v", "Nomad v2.0.5"],
    ["index: @index", "index: 0"],
    ["a @v", "a b, c"],
  ])("%s stands for %s", (expected, actual) => {
    expect(textFaults(expected, actual)).toEqual([]);
  });

  test.each([
    ["ID = xxxxxxxx", "ID = 1234abc"],
    ["ID = xxxxxxxx", `ID = ${id}`],
    ["tttt-tt-ttTtt:tt:ttZ", "2026-01-02T03:04:05+01:00"],
    ["(@ago)", "(soon)"],
    ["@n/16 MiB", "328 KiB/32 MiB"],
    ["a.b", "axb"],
    ["one", "one\ntwo"],
    ["one\n", "one"],
  ])("%s does not stand for %s", (expected, actual) => {
    expect(textFaults(expected, actual)).not.toEqual([]);
  });
});

describe("tables", () => {
  const expected = table("ID        Created  Status", "xxxxxxxx  @ago     <none>");

  test("have the width of what is in them", () => {
    expect(
      textFaults(expected, table("ID        Created    Status", "1234abcd  1h3m ago   <none>")),
    ).toEqual(["line 1 is not set as a table"]);
    expect(
      textFaults(expected, table("ID        Created   Status", "1234abcd  1h3m ago  <none>")),
    ).toEqual([]);
  });

  test.each([
    ["a row too much", table("ID        Created  Status", "1234abcd  1s ago   <none>", "x")],
    ["a row missing", "ID        Created  Status"],
    ["another cell", table("ID        Created  Status", "1234abcd  1s ago   ready")],
    ["another heading", table("ID        Created  State", "1234abcd  1s ago   <none>")],
    ["headings only apart by one blank", table("ID        Created Status", "1234abcd  1s ago")],
  ])("are told apart by %s", (_, actual) => {
    expect(textFaults(expected, actual)).not.toEqual([]);
  });

  test("tags have no order, folders no size", () => {
    const tags = (text: string) => table("Name  Tags", `n     ${text}`);
    expect(textFaults(tags("a=1,b=2"), tags("b=2,a=1"))).toEqual([]);
    expect(textFaults(tags("a=1,b=2"), tags("b=2,a=2"))).not.toEqual([]);
    const list = (mode: string, size: string) =>
      table("Mode        Size     Name", `${mode}  ${size.padEnd(7)}  x`);
    expect(textFaults(list("drwxrwxrwx", "4.0 KiB"), list("drwxrwxrwx", "80 B"))).not.toEqual([]);
    expect(textFaults(list("drwxrwxrwx", "4.0 KiB"), list("drwxrwxrwx", "120 KiB"))).toEqual([]);
    expect(textFaults(list("-rw-rw-rw-", "4.0 KiB"), list("-rw-rw-rw-", "120 KiB"))).not.toEqual(
      [],
    );
  });
});

test("a layout is its names in order, equal blocks once", () => {
  const expected = "Stats\nCPU = @v\nUser = @v\n\nCPU = @v\nUser = @v\n\nMemory\nTotal = @v";
  expect(layoutFaults(expected, "Stats\nCPU  = 0\nUser = 1%\n\nMemory\nTotal = 7 GiB")).toEqual([]);
  expect(layoutFaults(expected, "Stats\nCPU  = 0\n\nMemory\nTotal = 7 GiB")).not.toEqual([]);
  expect(layoutFaults("a = @v\nb = @v", "b = @v\na = @v")).not.toEqual([]);
});

describe("a monitor", () => {
  const head = `==> ${time}: Monitoring evaluation "1234abcd"`;
  const by = `    ${time}: Evaluation triggered by job "x"`;
  const within = `    ${time}: Evaluation within deployment: "1234abcd"`;
  const turn = `==> ${time}: Monitoring deployment "1234abcd"`;
  const block = (version: number, status: string) =>
    `    \n${time}\nID          = 1234abcd\nJob Version = ${version}\nStatus      = ${status}\n`;
  const whole = [head, by, within, turn, block(0, "running"), block(0, "successful")].join("\n");

  test("does not depend on its polling", () => {
    const changed = `    ${time}: Allocation "1234abcd" status changed: "pending" -> "running" (x)`;
    expect(
      monitorFaults(
        whole,
        [head, within, changed, by, turn, block(0, "x"), block(0, "successful")].join("\n"),
      ),
    ).toEqual([]);
  });

  test.each([
    ["a step missing", [by, within, turn, block(0, "successful")]],
    ["a step too much", [head, by, within, head, turn, block(0, "successful")]],
    ["an event missing", [head, by, turn, block(0, "successful")]],
    ["an event too much", [head, by, within, `    ${time}: What`, turn, block(0, "successful")]],
    ["another end", [head, by, within, turn, block(0, "successful"), block(0, "failed")]],
    ["another version", [head, by, within, turn, block(1, "successful")]],
    ["one more version", [head, by, within, turn, block(0, "successful"), block(1, "failed")]],
  ])("is told apart by %s", (_, lines) => {
    expect(monitorFaults(whole, lines.join("\n"))).not.toEqual([]);
  });
});

test("the allocations of a drain come in any order, each of them", () => {
  const [set, a, b, end] = ["x: set", `x: Alloc "1" marked`, `x: Alloc "2" draining`, "x: done"];
  expect(drainFaults([set, end, a, b].join("\n"), [set, b, a, end].join("\n"))).toEqual([]);
  expect(drainFaults([set, end, a, b].join("\n"), [set, b, end].join("\n"))).not.toEqual([]);
  expect(drainFaults([set, end, a].join("\n"), [end, set, a].join("\n"))).not.toEqual([]);
});

describe("a command", () => {
  const named = (name: string) => {
    const found = cliCases("read").find((one) => one.name === name);
    if (found === undefined) throw new Error(`no case ${name}`);
    return found;
  };
  const text = "This command takes one argument: <job>";
  const stderr = `No job(s) with prefix or ID "zzz-none" found\n`;

  test("has its exit code, its stream and nothing on the other", () => {
    const none = named("job-history-none");
    expect(commandFaults(none, { exit: 1, stdout: "", stderr })).toEqual([]);
    expect(commandFaults(none, { exit: 0, stdout: "", stderr })).toHaveLength(1);
    expect(commandFaults(none, { exit: 1, stdout: stderr, stderr: "" })).toHaveLength(2);
    expect(commandFaults(none, { exit: 1, stdout: text, stderr })).toHaveLength(1);
  });

  test("may be known by code and stream only", () => {
    const help = named("help-flag");
    expect(commandFaults(help, { exit: 0, stdout: text, stderr: "" })).toEqual([]);
    expect(commandFaults(help, { exit: 0, stdout: "", stderr: text })).toHaveLength(2);
  });

  test("prints JSON of its indentation", () => {
    const members = named("server-members-json");
    const given = (stdout: string) => commandFaults(members, { exit: 0, stdout, stderr: "" });
    expect(given("[]")).toHaveLength(1);
    expect(given('[\n  {\n    "Addr": "x"\n  }\n]').at(-1)).toContain("indented by 4, wanted 8");
    expect(given("[")[0]).toContain("is no JSON");
    expect(given(`[\n        {"Addr": "x"}]`)).not.toEqual([]);
  });
});
