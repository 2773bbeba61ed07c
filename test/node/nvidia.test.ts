import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../src/lib/logger.ts";
import { createSystemClock } from "../../src/lib/system/clock.ts";
import { createNvidiaPlugin, defaultNvidiaConfig } from "../../src/node/nvidia.ts";
import type { NvidiaOptions } from "../../src/node/nvidia.ts";
import { gpuRows, statsRows, uuidA, uuidB } from "../support/nvidia-answers.ts";
import { fakeNvidia } from "../support/nvidia-program.ts";
import { until } from "../support/until.ts";

const signal = new AbortController().signal;
let fake: ReturnType<typeof fakeNvidia>;
beforeEach(() => {
  fake = fakeNvidia();
});
afterEach(() => {
  fake.clean();
});

const open = (over: Partial<NvidiaOptions> = {}) =>
  createNvidiaPlugin({
    clock: createSystemClock(),
    log: silentLogger,
    config: defaultNvidiaConfig,
    searchPath: `${fake.dir}:/bin:/usr/bin`,
    timeoutMs: 30_000,
    ...over,
  });
const idsOf = async (plugin: ReturnType<typeof open>): Promise<string[]> =>
  (await plugin.fingerprint(signal)).flatMap(({ Instances }) => Instances.map(({ ID }) => ID));

test("the cards of the machine, less those that are to be ignored", async () => {
  expect(await idsOf(open())).toEqual([uuidB, uuidA]);
  expect(await idsOf(open({ config: { ...defaultNvidiaConfig, ignoredGpuIds: [uuidA] } }))).toEqual(
    [uuidB],
  );
});

test("a machine without the program, or with one that finds nothing, has no cards", async () => {
  const plugin = open({ searchPath: fake.dir });
  fake.remove();
  expect(await plugin.fingerprint(signal)).toEqual([]);
  fake.script("echo 'No devices were found'; exit 6");
  expect(await open().fingerprint(signal)).toEqual([]);
});

test("garbage, a failure and a program that hangs are told as such", async () => {
  const plugin = open();
  fake.answer({ rows: "what, is, this\n" });
  await expect(plugin.fingerprint(signal)).rejects.toThrow("cannot be read: what, is, this");
  fake.script("echo 'NVIDIA-SMI has failed because it has no driver' >&2; exit 9");
  await expect(plugin.fingerprint(signal)).rejects.toThrow("NVIDIA-SMI has failed");
  fake.script("exit 4");
  await expect(plugin.fingerprint(signal)).rejects.toThrow("exit code 4");
  fake.script("exec sleep 600");
  await expect(open({ timeoutMs: 100 }).fingerprint(signal)).rejects.toMatchObject({
    code: "timeout",
  });
});

test("without details the cards are there all the same", async () => {
  fake.script(
    `case "$1" in -q) exit 1 ;; -L) exec cat ${fake.dir}/list ;; *) exec cat ${fake.dir}/rows ;; esac`,
  );
  const groups = await open().fingerprint(signal);
  expect(groups).toHaveLength(2);
  expect(groups[1]?.Attributes).not.toHaveProperty("bar1");
});

test("a card that the driver has lost stays, unwell, until it is back", async () => {
  const plugin = open();
  const healthOf = async () =>
    (await plugin.fingerprint(signal)).flatMap(({ Instances }) =>
      Instances.map(({ ID, Healthy, HealthDescription }) => [ID, Healthy, HealthDescription]),
    );
  await plugin.fingerprint(signal);
  fake.answer({ rows: gpuRows.replace(uuidA, "[GPU is lost]") });
  expect(await healthOf()).toEqual([
    [uuidB, true, ""],
    [uuidA, false, "GPU is lost"],
  ]);
  expect((await healthOf())[1]).toEqual([uuidA, false, "GPU is lost"]);
  fake.answer({});
  expect(await healthOf()).toEqual([
    [uuidB, true, ""],
    [uuidA, true, ""],
  ]);
});

test("figures come with the cards, also from a driver that knows fewer fields", async () => {
  const plugin = open();
  await plugin.fingerprint(signal);
  expect((await plugin.stats(signal)).map(({ Name }) => Name)).toEqual([
    "NVIDIA A100-SXM4-40GB",
    "NVIDIA GeForce RTX 3090",
  ]);
  const short = statsRows
    .split("\n")
    .map((row) => row.split(", ").slice(0, 9).join(", "))
    .join("\n");
  fake.answer({ stats: short });
  fake.script(
    `case "$*" in
      *ecc.*) echo 'Field "ecc.errors" is not a valid field to query.'; exit 2 ;;
      *memory.used*) exec cat ${fake.dir}/stats ;;
      *) exec cat ${fake.dir}/details ;;
    esac`,
  );
  const [, rtx] = await plugin.stats(signal);
  expect(rtx?.InstanceStats[uuidA]?.Stats.Attributes).toMatchObject({
    Temperature: { IntNumeratorVal: 41 },
    "ECC L1 errors": { StringVal: "N/A" },
  });
});

test("one that was given up for whatever reason has to end before another is started", async () => {
  const plugin = open();
  const begun = join(fake.dir, "begun");
  fake.script(`echo x >>${begun}; exec sleep 600`);
  const abort = new AbortController();
  const figures = plugin.stats(abort.signal);
  await until("the program", () => existsSync(begun));
  abort.abort(new DOMException("too late", "TimeoutError"));
  await expect(figures).rejects.toThrow("too late");
  // Its end shows only when the event loop has its next turn.
  await expect(plugin.stats(signal)).rejects.toThrow("still hangs");
  expect(readFileSync(begun, "utf8")).toBe("x\n");
  fake.answer({});
  await until("its end", () =>
    idsOf(plugin).then(
      ({ length }) => length === 2,
      () => false,
    ),
  );
  fake.remove();
  const searchPath = fake.dir;
  const absent = open({ searchPath });
  for (let tries = 0; tries < 2; tries++)
    await expect(absent.stats(signal)).rejects.toMatchObject({ code: "not-found" });
});
