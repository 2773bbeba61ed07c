import { expect, test } from "vitest";
import { formatFileMode } from "../../../src/node/core/file-mode.ts";

test.each([
  [0o100644, "-rw-r--r--"],
  [0o040777, "drwxrwxrwx"],
  [0o041777, "dtrwxrwxrwx"],
  [0o120777, "Lrwxrwxrwx"],
  [0o104755, "urwxr-xr-x"],
])("%i prints as %s", (mode, text) => {
  expect(formatFileMode(mode)).toBe(text);
});
