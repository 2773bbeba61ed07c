import { expect, test } from "vitest";
import { annotationTable } from "../../../src/cli/core/plan-annotations.ts";

test("rare columns appear when they count, or when everything is asked for", () => {
  expect(annotationTable({ sky: { Place: 1 } }, false)).toBe(
    "Task Group  Ignore  Place  Stop  InPlace  Destructive\nsky         0       1      0     0        0",
  );
  expect(annotationTable({ sky: { Canary: 1 } }, false)).toContain("Destructive  Canary");
  expect(annotationTable({ sky: {} }, true)).toContain("Disconnect  Reconnect");
});
