import { expect, test } from "vitest";
import { Limiter } from "../../src/lib/limiter.ts";
import { settle } from "../support/fake-clock.ts";

test("no more than the limit run at once, the others follow in their order", async () => {
  const limiter = new Limiter(2);
  const [started, finish]: [number[], (() => void)[]] = [[], []];
  const runs = [0, 1, 2, 3].map((at) =>
    limiter.run(async () => {
      started.push(at);
      await new Promise<void>((resolve) => {
        finish[at] = resolve;
      });
      return at;
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  finish[1]?.();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  for (const at of [0, 2]) finish[at]?.();
  await settle();
  finish[3]?.();
  expect(await Promise.all(runs)).toEqual([0, 1, 2, 3]);
});

test("a failure frees its place", async () => {
  const limiter = new Limiter(1);
  await expect(limiter.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await limiter.run(() => Promise.resolve("yes"))).toBe("yes");
});
