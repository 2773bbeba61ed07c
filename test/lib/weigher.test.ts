import { expect, test } from "vitest";
import { Weigher, isSmall } from "../../src/lib/weigher.ts";

test("small is what has few parts and short texts", () => {
  expect(isSmall({ a: [1, 2, { b: "c" }] })).toBe(true);
  expect(isSmall(Array.from({ length: 5000 }, () => 0))).toBe(false);
  expect(isSmall({ text: "x".repeat(1_000_000) })).toBe(false);
  expect(isSmall({ ["x".repeat(1_000_000)]: 1 })).toBe(false);
});

test("the keys of a large value are counted up once, however often its parts are asked for", () => {
  const map = Object.fromEntries(Array.from({ length: 9000 }, (_, n) => [`key-${n}`, `${n}`]));
  let looks = 0;
  const counted = new Proxy(map, {
    ownKeys: (target) => {
      looks += 1;
      return Reflect.ownKeys(target);
    },
  });
  const weigher = new Weigher();
  const whole = { job: { groups: [{ tasks: [{ counted }] }] } };
  for (const part of [whole, whole.job, whole.job.groups, whole.job.groups[0], counted])
    expect(weigher.isSmall(part)).toBe(false);
  expect(looks).toBe(1);
});
