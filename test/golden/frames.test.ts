import { expect, test } from "vitest";
import { familyFaults, framesOf } from "./player/frames.ts";

test("frames follow each other without commas, heartbeats are left out, data is decoded", () => {
  const data = Buffer.from('a "{" \n').toString("base64");
  expect(
    framesOf(`{"Data":"${data}","File":"f{","Offset":7}{}\n{"FileEvent":"file deleted"}`),
  ).toEqual([{ Data: 'a "{" \n', File: "f{", Offset: 7 }, { FileEvent: "file deleted" }]);
});

test("a stream that ends within a frame is no stream of frames", () => {
  expect(() => framesOf('{"Data":"YQ=="')).toThrow(SyntaxError);
});

test("families are looked for by name and type", () => {
  const text = "# TYPE up gauge\nup 1\n# TYPE seen counter\nseen 3\n";
  const family = (name: string, type: string) => ({ name, type });
  expect(familyFaults([family("up", "gauge")], text)).toEqual([]);
  expect(familyFaults([family("seen", "gauge"), family("gone", "gauge")], text)).toEqual([
    "family seen: counter, wanted gauge",
    "family gone: missing, wanted gauge",
  ]);
});
