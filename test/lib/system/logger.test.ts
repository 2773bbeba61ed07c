import { expect, test } from "vitest";
import { createLogger } from "../../../src/lib/system/logger.ts";

function capture(options: { readonly json: boolean }) {
  const lines: string[] = [];
  const log = createLogger({
    level: "info",
    json: options.json,
    sinks: [{ write: (line) => lines.push(line) }],
  });
  return { log, lines };
}

test("text lines carry time, level, component, message and fields", () => {
  const { log, lines } = capture({ json: false });
  log.child("raft").info({ index: 5, reason: "two words" }, "entry committed");
  expect(lines.map((line) => line.replace(/^\S+/, "TIME"))).toEqual([
    'TIME [INFO]  nomad.raft: entry committed: index=5 reason="two words"\n',
  ]);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
});

test("JSON lines use the published keys", () => {
  const { log, lines } = capture({ json: true });
  log.warn({ jobId: "web" }, "job file held");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    "@level": "warn",
    "@module": "nomad",
    "@message": "job file held",
    jobId: "web",
  });
});

test("a tap sees more than the written level, and only while it listens", () => {
  const { log, lines } = capture({ json: false });
  const seen: string[] = [];
  const stop = log.tap("debug", (record) => seen.push(record.level));
  log.child("api").debug({}, "request");
  stop();
  log.child("api").debug({}, "request");
  expect([seen, lines]).toEqual([["debug"], []]);
});
