import { expect, test } from "vitest";
import { splitFrames } from "../../../src/cli/core/frames.ts";

test("cuts objects apart, whatever their texts hold, and keeps what is not whole yet", () => {
  expect(splitFrames('{"a":"}{"}{}{"b":"\\"}"}{"c"')).toEqual({
    frames: ['{"a":"}{"}', "{}", '{"b":"\\"}"}'],
    rest: '{"c"',
  });
});
