import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../../src/cli/main.ts";
import { until } from "../../support/until.ts";
import { logAgent, type LogAgent } from "../log-agent.ts";

const first = "11111111-0000-0000-0000-000000000000";
const second = "22222222-0000-0000-0000-000000000000";
let agent: LogAgent;

beforeEach(async () => {
  agent = await logAgent("web");
});
afterEach(async () => {
  await agent.close();
});

interface Running {
  readonly out: () => string;
  readonly err: () => string;
  readonly code: Promise<number>;
  interrupt(): void;
}

function run(
  words: readonly string[],
  { tty = false, stdout = undefined as Writable | undefined } = {},
): Running {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const into = (chunks: Buffer[]): Writable & { isTTY?: boolean } =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          chunks.push(chunk);
          done();
        },
      }),
      { isTTY: tty },
    );
  let interrupt = (): void => undefined;
  const stdin = (async function* () {
    // Nobody types.
  })();
  const code = runCli(
    words,
    { NOMAD_ADDR: agent.address },
    { stdin, stdout: stdout ?? into(out), stderr: into(err) },
    {
      onInterrupt: (call) => {
        interrupt = call;
        return () => undefined;
      },
    },
  );
  return {
    out: () => Buffer.concat(out).toString("utf8"),
    err: () => Buffer.concat(err).toString("utf8"),
    code,
    interrupt: () => {
      interrupt();
    },
  };
}

test("without -f the last lines of each task come out, oldest instance first", async () => {
  agent.begin(first, "app", "side");
  agent.begin(second, "app");
  const numbers = Array.from({ length: 12 }, (_, at) => `line ${at}\n`).join("");
  agent.write(first, "app.stdout.0", numbers);
  agent.write(first, "side.stderr.0", "oops");
  agent.write(second, "app.stdout.0", "other\n");
  const command = run(["job", "logs", "-n=2", "web"]);
  expect(await command.code).toBe(0);
  expect(command.out()).toBe(
    "11111111/app | line 10\n11111111/app | line 11\n22222222/app | other\n",
  );
  expect(command.err()).toBe("11111111/side | oops\n");
});

test("logs of a word that is no allocation but a job shows the job", async () => {
  agent.begin(first, "app");
  agent.write(first, "app.stdout.0", "hello\n");
  const shown = run(["logs", "web"]);
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe("11111111/app | hello\n");
  const unknown = run(["logs", "nothing"]);
  expect(await unknown.code).toBe(1);
  expect(unknown.err()).toBe('No allocation(s) with prefix or id "nothing" found\n');
});

test("the end of a long output is found across its files, and its first line is whole", async () => {
  agent.begin(first, "app");
  const long = "x".repeat(50_000);
  agent.write(first, "app.stdout.3", `${long} 0\n${long} 1\n${long}`);
  agent.write(first, "app.stdout.4", ` 2\n${long} 3\n`);
  const shown = run(["job", "logs", "-n=3", "web"]);
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe([1, 2, 3].map((at) => `11111111/app | ${long} ${at}\n`).join(""));
});

test("a pattern chooses lines, also the last ones", async () => {
  agent.begin(first, "app");
  agent.write(first, "app.stdout.0", `${"GET /ok\n".repeat(30_000)}GET /bad 1\n`);
  agent.write(first, "app.stdout.1", `GET /bad 2\n${"GET /ok\n".repeat(30_000)}`);
  const shown = run(["job", "logs", "-grep=bad [0-9]$", "web"]);
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe("11111111/app | GET /bad 1\n11111111/app | GET /bad 2\n");
  const refused = run(["job", "logs", "-grep=(", "web"]);
  expect(await refused.code).toBe(1);
  expect(refused.err()).toMatch(/^Invalid -grep: /);
});

test("-since leaves out what ended before", async () => {
  agent.begin(first, "app");
  agent.begin(second, "app");
  agent.write(first, "app.stdout.0", "long ago\n");
  agent.write(second, "app.stdout.0", "just now\n");
  agent.end(first);
  agent.end(second, new Date().toISOString());
  const shown = run(["job", "logs", "-since=1h", "web"]);
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe("22222222/app | just now\n");
  const none = run(["job", "logs", "web", "other-task"]);
  expect(await none.code).toBe(1);
  expect(none.err()).toBe('No task of job "web" that has written was found\n');
});

test("-since leaves out files that were last written before, also of a task that still runs", async () => {
  const longAgo = "2026-01-01T00:30:00Z";
  agent.begin(first, "app");
  agent.begin(second, "app");
  agent.write(first, "app.stdout.0", "old\n", longAgo);
  agent.write(second, "app.stdout.0", "old too\n", longAgo);
  agent.write(second, "app.stdout.1", "new\n");
  const shown = run(["job", "logs", "-since=1h", "web"]);
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe("22222222/app | new\n");
  const followed = run(["job", "logs", "-f", "-since=1h", "web"]);
  await until("what is new", () => followed.out() === "22222222/app | new\n");
  await until("both to be followed", () => agent.follows() >= 2);
  agent.write(first, "app.stdout.0", "newer\n");
  await until("what is newer", () => followed.out().endsWith("11111111/app | newer\n"));
  followed.interrupt();
  expect(await followed.code).toBe(0);
  expect(followed.out()).not.toContain("old");
});

test("-f follows a rolling update: new instances from their first line, ended ones to their last", async () => {
  agent.begin(first, "app");
  agent.write(first, "app.stdout.0", "old\nha");
  const shown = run(["logs", "-f", "-n", "1", "web"]);
  await until("the end of the past", () => shown.out() === "11111111/app | old\n");
  agent.write(first, "app.stdout.0", "lf\n");
  await until("the line that was begun", () => shown.out().endsWith("11111111/app | half\n"));
  agent.begin(second, "app");
  agent.write(second, "app.stdout.0", "hello\n");
  agent.write(second, "app.stderr.0", "warn\n");
  await until("the new instance", () => shown.out().endsWith("22222222/app | hello\n"));
  await until("its other output", () => shown.err() === "22222222/app | warn\n");
  agent.write(first, "app.stdout.1", "rotated\nlast words");
  agent.end(first);
  await until("the rest of the old one", () => shown.out().endsWith("11111111/app | last words\n"));
  await until("the old one is left alone", () => agent.follows() === 2);
  shown.interrupt();
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe(
    [
      "11111111/app | old",
      "11111111/app | half",
      "22222222/app | hello",
      "11111111/app | rotated",
      "11111111/app | last words",
      "",
    ].join("\n"),
  );
});

test("a connection that breaks costs no line and repeats none", async () => {
  agent.begin(first, "app");
  const shown = run(["job", "logs", "-f", "-n=0", "-stdout", "web"]);
  await until("it follows", () => agent.follows() === 1);
  agent.write(first, "app.stdout.0", "one\ntw");
  await until("the first line", () => shown.out().endsWith("one\n"));
  agent.cut();
  await until("it is cut", () => agent.follows() === 0);
  agent.write(first, "app.stdout.0", "o\n");
  agent.write(first, "app.stdout.1", "three\n");
  await until("the rest", () => shown.out().endsWith("three\n"));
  shown.interrupt();
  expect(await shown.code).toBe(0);
  expect(shown.out()).toBe("11111111/app | one\n11111111/app | two\n11111111/app | three\n");
  expect(shown.err()).toBe("");
});

test("lines of many writers are never mixed, and a slow reader holds them all back", async () => {
  const ids = Array.from({ length: 12 }, (_, at) => `${10 + at}`.repeat(4) + second.slice(8));
  for (const id of ids) {
    agent.begin(id, "app");
    agent.write(id, "app.stdout.0", `${"y".repeat(999)}\n`.repeat(200));
  }
  let [most, text] = [0, ""];
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      most = Math.max(most, slow.writableLength);
      text += chunk.toString("latin1");
      setImmediate(done);
    },
  });
  const shown = run(["job", "logs", "-f", "-n=100000", "web"], { stdout: slow });
  await until("all lines", () => text.length === 2_400 * (1_000 + "11111111/app | ".length));
  shown.interrupt();
  expect(await shown.code).toBe(0);
  expect(
    text
      .split("\n")
      .slice(0, -1)
      .every((line) => /^\d{8}\/app \| y{999}$/.test(line)),
  ).toBe(true);
  // One piece of one writer at a time.
  expect(most).toBeLessThan(220_000);
});

test("it ends when nobody reads any more", async () => {
  agent.begin(first, "app");
  agent.write(first, "app.stdout.0", "one\n");
  const gone = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  const shown = run(["job", "logs", "-f", "web"], { stdout: gone });
  let code: number | undefined;
  void shown.code.then((value) => (code = value));
  await until("its end", () => {
    agent.write(first, "app.stdout.0", "more\n");
    return code !== undefined;
  });
  expect(code).toBe(0);
});

test("a terminal gets colours, a pipe none", async () => {
  agent.begin(first, "app");
  agent.write(first, "app.stdout.0", "one\n");
  const shown = run(["job", "logs", "web"], { tty: true });
  expect(await shown.code).toBe(0);
  const [before, colored = ""] = shown.out().split("\u001b[3");
  expect(before).toBe("");
  expect(colored.slice(1)).toBe("m11111111/app\u001b[0m | one\n");
});

test("what makes no sense for a job is refused", async () => {
  for (const [words, text] of [
    [["job", "logs", "-c=5", "web"], "-c needs an allocation, not a job\n"],
    [["job", "logs", "-stdout", "-stderr", "web"], "Unable to support both stdout and stderr\n"],
  ] as const) {
    const shown = run(words);
    expect(await shown.code).toBe(1);
    expect(shown.err()).toBe(text);
  }
});
