import { expect, test } from "vitest";
import { sortedJson } from "../../../src/cli/core/json-text.ts";

test("sorts keys as text at every depth and keeps whole nanoseconds", () => {
  expect(sortedJson({ b: { "9": 1, "10": 1_700_000_000_123_456_000 }, a: [], c: "<&>" })).toBe(
    '{\n    "a": [],\n    "b": {\n        "10": 1700000000123456000,\n        "9": 1\n    },\n    "c": "<&>"\n}',
  );
});
