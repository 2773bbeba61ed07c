import { expect, test } from "vitest";
import {
  framedEntries,
  type LogEntry,
  stampLength,
  terminalEntries,
  timeLength,
} from "../../../src/drivers/docker/log-entries.ts";
import { LogPosition } from "../../../src/drivers/docker/log-position.ts";

const at = (second: number): string =>
  `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000000Z`;
const entry = (second: number, stream: LogEntry["stream"] = "stdout"): LogEntry => {
  const bytes = Buffer.from(`before ${at(second)} x`);
  return { stream, bytes, start: "before ".length, end: bytes.length };
};
const timeOf = ({ bytes, start }: LogEntry): string =>
  bytes.toString("latin1", start, start + timeLength);
const textOf = ({ bytes, start, end }: LogEntry): string =>
  bytes.toString("utf8", start + stampLength, end);

test("messages of one time are counted, so a second reading hands out only the rest of them", () => {
  const first = new LogPosition(null);
  expect([first.accept(entry(1)), first.accept(entry(1))]).toEqual([true, true]);
  const second = new LogPosition(first.cursor());
  const read = [entry(1), entry(1), entry(1), entry(2)].map((each) => second.accept(each));
  expect(read).toEqual([false, false, true, true]);
});

test("a message of one stream that is stored late is not lost behind a newer one of the other", () => {
  const first = new LogPosition(null);
  first.accept(entry(5, "stderr"));
  const second = new LogPosition(first.cursor());
  expect(second.accept(entry(5, "stderr"))).toBe(false);
  expect(second.accept(entry(4, "stdout"))).toBe(true);
});

test("reading again with the same position hands nothing out twice", () => {
  const position = new LogPosition(null);
  position.accept(entry(1));
  position.accept(entry(2));
  position.rewind();
  expect([entry(1), entry(2), entry(3)].map((each) => position.accept(each))).toEqual([
    false,
    false,
    true,
  ]);
});

test("a message after a new one is new too, even when the machine's clock was set back meanwhile", () => {
  const position = new LogPosition(null);
  expect([entry(5), entry(3), entry(3)].map((each) => position.accept(each))).toEqual([
    true,
    true,
    true,
  ]);
  expect(position.cursor()).toBe(`${at(3)}/2;-`);
});

test("a cursor of something else is refused", () => {
  expect(() => new LogPosition("17")).toThrow("not a cursor of a docker log");
});

test("frames are put together from any pieces", () => {
  const payload = Buffer.from(`${at(1)} hello\n`);
  const head = Buffer.from([2, 0, 0, 0, 0, 0, 0, payload.length]);
  const parser = framedEntries();
  const bytes = Buffer.concat([head, payload, head, payload]);
  const entries = [...bytes].flatMap((byte) => parser.feed(Buffer.from([byte])));
  expect(entries.map((one) => [one.stream, timeOf(one), textOf(one)])).toEqual([
    ["stderr", at(1), "hello\n"],
    ["stderr", at(1), "hello\n"],
  ]);
});

test("a terminal's long line loses the stamps that docker put into its middle", () => {
  const long = "a".repeat(16 * 1024);
  const text = `${at(1)} ${long}${at(1)} rest\r\n${at(2)} open`;
  const parser = terminalEntries();
  const entries = [...parser.feed(Buffer.from(text)), ...parser.end()];
  expect(entries.map(textOf)).toEqual([long, "rest\r\n", "open"]);
});
