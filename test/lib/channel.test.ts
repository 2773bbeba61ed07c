import { expect, test } from "vitest";
import { createChannel } from "../../src/lib/channel.ts";
import { settle } from "../support/fake-clock.ts";

test("a producer waits until its item was taken", async () => {
  const channel = createChannel<number>();
  let taken = 0;
  const put = async (item: number): Promise<void> => {
    await channel.put(item);
    taken += 1;
  };
  const puts = [put(1), put(2)];
  await settle();
  expect(taken).toBe(0);
  const reader = channel.items[Symbol.asyncIterator]();
  expect(await reader.next()).toEqual({ done: false, value: 1 });
  expect(await reader.next()).toEqual({ done: false, value: 2 });
  expect(taken).toBe(1);
  channel.close();
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  await Promise.all(puts);
});

test("a reader that leaves lets every producer go", async () => {
  const channel = createChannel<number>();
  const waiting = [channel.put(1), channel.put(2), channel.put(3)];
  for await (const item of channel.items) if (item === 1) break;
  await Promise.all(waiting);
  await channel.put(4);
});

test("a reader that waits learns of an item and of the end", async () => {
  const channel = createChannel<string>();
  const seen: string[] = [];
  const reading = (async () => {
    for await (const item of channel.items) seen.push(item);
  })();
  await channel.put("a");
  await channel.put("b");
  channel.close();
  await reading;
  expect(seen).toEqual(["a", "b"]);
});
