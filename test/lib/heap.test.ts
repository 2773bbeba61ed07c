import { expect, test } from "vitest";
import * as fc from "fast-check";
import { Heap } from "../../src/lib/heap.ts";

test("items come out in order, whatever order they went in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((a, b) => a < b);
      for (const number of numbers) heap.push(number);
      expect(heap.size).toBe(numbers.length);
      const out: number[] = [];
      for (let next = heap.pop(); next !== undefined; next = heap.pop()) out.push(next);
      expect(out).toEqual(numbers.toSorted((a, b) => a - b));
      expect(heap.peek()).toBeUndefined();
    }),
  );
});
