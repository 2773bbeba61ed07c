import { expect, test } from "vitest";
import { commandHelp, groupHelp, mainHelp, wrap } from "../../../src/cli/core/help-text.ts";
import { flag } from "../../../src/lib/flags.ts";

test("shows usage, text and options of a command", () => {
  const text = commandHelp({
    name: "job run",
    usage: "[options] <path>",
    description: "Runs.\n\nReally.",
    flags: { diff: flag.bool("Show it.", true), n: flag.int("Count.") },
    general: { address: flag.text("Where.") },
  });
  expect(text).toContain("Usage: nomad job run [options] <path>\n\n  Runs.\n\n  Really.");
  expect(text).toContain("  -diff=<bool>\n    Show it. On by default.");
  expect(text).toContain("  -address=<text>\n    Where.");
});

test("lists commands with a gutter of six", () => {
  expect(
    mainHelp([{ name: "run", summary: "Runs" }], [{ name: "version", summary: "V" }]),
  ).toContain("    run      Runs\n");
  expect(groupHelp("job", "Jobs", [{ name: "job run", summary: "Runs" }])).toContain(
    "    job run      Runs",
  );
});

test("breaks long lines at blanks", () => {
  expect(wrap("aaa bbb ccc", "  ", 9)).toBe("  aaa bbb\n  ccc");
});
