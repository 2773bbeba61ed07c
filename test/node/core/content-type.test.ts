import { expect, test } from "vitest";
import { contentTypeOf } from "../../../src/node/core/content-type.ts";

test("the ending decides, else the first bytes", () => {
  expect(contentTypeOf("notes.txt", Buffer.from([0]))).toBe("text/plain; charset=utf-8");
  expect(contentTypeOf("a.json", new Uint8Array())).toBe("application/json");
  expect(contentTypeOf("main.stdout.0", Buffer.from("hällo\n"))).toBe("text/plain; charset=utf-8");
  expect(contentTypeOf("blob", Buffer.from([0x7f, 0x45, 0]))).toBe("application/octet-stream");
});
