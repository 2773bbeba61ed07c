import { expect, test } from "vitest";
import { lexTemplate } from "../../../../src/node/template/core/lex.ts";
import { TokenReader, unexpected } from "../../../../src/node/template/core/token-reader.ts";

const readerOf = (text: string): TokenReader =>
  new TokenReader(lexTemplate(text, { left: "", right: "" }, 1_000), text.length);

test("words are taken without the space between them, and the end stays the end", () => {
  const reader = readerOf("{{ a  b }}");
  expect(reader.take().kind).toBe("open");
  expect(reader.isFollowedBy("word", "a")).toBe(true);
  expect(reader.takeWord().text).toBe("a");
  expect(reader.peekWord().text).toBe("b");
  expect(reader.isAt("word", "b")).toBe(true);
  reader.take();
  reader.close("test");
  expect([reader.take().kind, reader.take().kind, reader.take()]).toEqual([
    "end",
    "end",
    { kind: "end", text: "", at: 10 },
  ]);
});

test("an action that goes on where it should end is a fault there", () => {
  const reader = readerOf("{{ a }}");
  reader.take();
  expect(() => reader.close("end")).toThrow('unexpected "a" in end');
  expect(unexpected({ kind: "end", text: "", at: 3 }, "x")).toMatchObject({
    message: "unexpected end of text in x",
    at: 3,
  });
});
