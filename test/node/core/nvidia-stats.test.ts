import { expect, test } from "vitest";
import {
  describeGpus,
  gpuFields,
  parseDetails,
  parseParts,
  parseRows,
} from "../../../src/node/core/nvidia-smi.ts";
import {
  describeStats,
  fewerStatsFields,
  statsFields,
} from "../../../src/node/core/nvidia-stats.ts";
import {
  detailsText,
  gpuRows,
  listText,
  statsRows,
  uuidA,
  uuidB,
} from "../../support/nvidia-answers.ts";

const details = parseDetails(detailsText);
const { groups } = describeGpus(
  { rows: parseRows(gpuRows, gpuFields) ?? [], details, parts: parseParts(listText) },
  [],
);
const now = "2026-01-05T10:00:00Z";

test("each device has the published figures; what it cannot tell is not available", () => {
  const rows = parseRows(statsRows, statsFields) ?? [];
  const [a100, rtx] = describeStats(groups, { rows, details }, now);
  const figures = rtx?.InstanceStats[uuidA];
  expect(figures?.Timestamp).toBe(now);
  expect(figures?.Summary).toEqual({
    IntNumeratorVal: 812,
    IntDenominatorVal: 24_576,
    Unit: "MiB",
    Desc: "UsedMemory / TotalMemory",
  });
  expect(figures?.Stats.Attributes).toMatchObject({
    "Power usage": { IntNumeratorVal: 34, IntDenominatorVal: 350, Unit: "W" },
    "GPU utilization": { IntNumeratorVal: 7, Unit: "%" },
    "Memory utilization": { IntNumeratorVal: 3 },
    "Encoder utilization": { IntNumeratorVal: 1 },
    "Decoder utilization": { IntNumeratorVal: 2 },
    Temperature: { IntNumeratorVal: 41, Unit: "C" },
    "BAR1 buffer state": { IntNumeratorVal: 5, IntDenominatorVal: 256 },
    "ECC L1 errors": { StringVal: "N/A", Unit: "#" },
  });
  expect(a100?.InstanceStats[uuidB]?.Stats.Attributes).toMatchObject({
    "ECC memory errors": { IntNumeratorVal: 2 },
    "BAR1 buffer state": { StringVal: "N/A" },
  });
});

test("only devices that are offered and measured have figures", () => {
  const [first = ""] = statsRows.split("\n");
  const rows = parseRows(first.split(", ").slice(0, 9).join(", "), fewerStatsFields) ?? [];
  expect(describeStats(groups, { rows, details }, now).map(({ Name }) => Name)).toEqual([
    "NVIDIA GeForce RTX 3090",
  ]);
  expect(describeStats([], { rows, details }, now)).toEqual([]);
});
