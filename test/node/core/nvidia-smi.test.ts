import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  describeGpus,
  gpuFields,
  numberOf,
  parseDetails,
  parseParts,
  parseRows,
} from "../../../src/node/core/nvidia-smi.ts";
import {
  detailsText,
  dividedText,
  gpuRows,
  listText,
  uuidA,
  uuidB,
} from "../../support/nvidia-answers.ts";

const answers = (rows: string, list = listText) => ({
  rows: parseRows(rows, gpuFields) ?? [],
  details: parseDetails(detailsText),
  parts: parseParts(list),
});
const whole = (value: number, Unit: string) => ({
  Float: null,
  Int: value,
  String: null,
  Bool: null,
  Unit,
});
const text = (value: string) => ({ Float: null, Int: null, String: value, Bool: null, Unit: "" });

test("cards are grouped by model under the published names and attributes", () => {
  const { groups, lost } = describeGpus(answers(gpuRows), []);
  expect(lost).toEqual([]);
  expect(groups).toEqual([
    {
      Vendor: "nvidia",
      Type: "gpu",
      Name: "NVIDIA A100-SXM4-40GB",
      Instances: [
        {
          ID: uuidB,
          Healthy: true,
          HealthDescription: "",
          Locality: { PciBusID: "00000000:3B:00.0" },
        },
      ],
      Attributes: {
        driver_version: text("535.54.03"),
        display_state: text("N/A"),
        persistence_mode: text("Enabled"),
        memory: whole(40_960, "MiB"),
        cores_clock: whole(1410, "MHz"),
        memory_clock: whole(1215, "MHz"),
        pci_bandwidth: whole(32_768, "MB/s"),
      },
    },
    {
      Vendor: "nvidia",
      Type: "gpu",
      Name: "NVIDIA GeForce RTX 3090",
      Instances: [
        {
          ID: uuidA,
          Healthy: true,
          HealthDescription: "",
          Locality: { PciBusID: "00000000:01:00.0" },
        },
      ],
      Attributes: {
        driver_version: text("535.54.03"),
        display_state: text("Enabled"),
        persistence_mode: text("Disabled"),
        memory: whole(24_576, "MiB"),
        power: whole(350, "W"),
        bar1: whole(256, "MiB"),
        cores_clock: whole(2100, "MHz"),
        memory_clock: whole(9751, "MHz"),
        pci_bandwidth: whole(16_384, "MB/s"),
      },
    },
  ]);
});

test("ignored ids are not offered, a nameless card is, under no name", () => {
  const { groups } = describeGpus(answers(gpuRows.replace("NVIDIA GeForce RTX 3090", "[N/A]")), [
    uuidB,
  ]);
  expect(groups.map(({ Name, Instances }) => [Name, Instances.length])).toEqual([["N/A", 1]]);
});

test("a card that is divided up is offered in its parts", () => {
  const { groups } = describeGpus(answers(gpuRows, dividedText), ["MIG-cc"]);
  expect(groups.map(({ Name, Instances }) => [Name, Instances.map(({ ID }) => ID)])).toEqual([
    ["NVIDIA A100-SXM4-40GB MIG 3g.20gb", ["MIG-aa", "MIG-bb"]],
    ["NVIDIA GeForce RTX 3090", [uuidA]],
  ]);
  expect(groups[0]?.Attributes).not.toHaveProperty("memory");
});

test("a card in trouble is unwell, and one without an id is known by its place", () => {
  const reset = gpuRows.replace("24576", "[GPU requires reset]");
  const [, unwell] = describeGpus(answers(reset), []).groups;
  expect(unwell?.Instances[0]).toMatchObject({
    Healthy: false,
    HealthDescription: "GPU requires reset",
  });
  const gone = gpuRows.replace(uuidA, "[GPU is lost]");
  expect(describeGpus(answers(gone), [])).toMatchObject({
    groups: [{ Name: "NVIDIA A100-SXM4-40GB" }],
    lost: [{ busId: "00000000:01:00.0", reason: "GPU is lost" }],
  });
  const unknown = gpuRows.replace("24576", "[Unknown Error]");
  expect(describeGpus(answers(unknown), []).groups[1]?.Instances[0]?.Healthy).toBe(false);
});

test("details are read by section, the first value of a name counts", () => {
  const details = parseDetails(detailsText);
  expect([...details.keys()]).toEqual(["00000000:01:00.0", "00000000:3B:00.0"]);
  expect(details.get("00000000:01:00.0")).toMatchObject({
    "FB Memory Usage.Used": "812 MiB",
    "Utilization.Decoder": "2 %",
  });
});

test.each([
  ["350.00", 350],
  ["256 MiB", 256],
  ["7 %", 7],
  ["N/A", undefined],
  ["-3", undefined],
  ["", undefined],
  [undefined, undefined],
])("%j is the number %j", (value, number) => {
  expect(numberOf(value)).toBe(number);
});

test("whatever is printed is read or refused, and nothing of it is taken for a card without an id", () => {
  expect(parseRows("garbage\n", gpuFields)).toBeUndefined();
  expect(parseRows("", gpuFields)).toEqual([]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (rows, list) => {
      const parsed = parseRows(rows, gpuFields) ?? [];
      const { groups } = describeGpus(
        { rows: parsed, details: parseDetails(list), parts: parseParts(list) },
        [],
      );
      for (const { Instances } of groups)
        for (const { ID } of Instances) expect(ID).toMatch(/^(GPU|MIG)-/);
    }),
  );
});
