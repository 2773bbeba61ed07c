import { expect, test } from "vitest";
import { decodeOptions, type OptionTable } from "../../../src/drivers/core/option-table.ts";

const table: OptionTable = {
  image: { kind: "text", required: true },
  args: { kind: "texts" },
  count: { kind: "int" },
  wait: { kind: "duration" },
  labels: { kind: "map" },
  auth: { kind: "block", fields: { user: { kind: "text", required: true } } },
  mount: { kind: "blocks", fields: { target: { kind: "text" } } },
  windows: { kind: "refused", reason: "not on this system" },
};
const faults = (config: Parameters<typeof decodeOptions>[0]) =>
  decodeOptions(config, table).diagnostics.map((one) => `${one.summary}; ${one.detail}`);

test("values are read as the table says, blocks in either form", () => {
  const wanted = {
    image: "x",
    args: ["1", "true"],
    count: 3,
    wait: 5e9,
    labels: { a: "1", b: "2" },
    auth: { user: "u" },
    mount: [{ target: "/a" }, { target: "/b" }],
  };
  const written = {
    image: "x",
    args: [1, true],
    count: "3",
    wait: "5s",
    labels: [{ a: 1 }, { b: "2" }],
  };
  const lists = { ...written, auth: [{ user: "u" }], mount: [{ target: "/a" }, { target: "/b" }] };
  expect(decodeOptions(lists, table)).toEqual({ values: wanted, diagnostics: [] });
  expect(decodeOptions({ ...lists, auth: { user: "u" } }, table).values).toEqual(wanted);
});

test("null counts as not written", () => {
  expect(decodeOptions({ image: "x", count: null }, table)).toEqual({
    values: { image: "x" },
    diagnostics: [],
  });
});

test.each([
  [{}, "config.image is missing; this option is required"],
  [{ image: "x", imgae: "y" }, "unknown option config.imgae; did you mean image?"],
  [{ imgae: "y" }, "unknown option config.imgae; did you mean image?"],
  [{ image: "x", windows: "a" }, "config.windows is not supported; not on this system"],
  [{ image: "x", count: 1.5 }, "config.count must be a whole number; "],
  [{ image: "x", args: "a" }, "config.args must be a list of texts; "],
  [{ image: "x", wait: "soon" }, 'config.wait must be a duration such as "5m"; '],
  [{ image: "x", auth: "a" }, "config.auth must be a block; "],
  [{ image: "x", auth: [{ user: "a" }, { user: "b" }] }, "config.auth may stand only once; "],
  [{ image: "x", auth: [{}] }, "config.auth.user is missing; this option is required"],
])("%j is refused", (config, text) => {
  expect(faults(config)).toEqual([text]);
});
