import { expect, test } from "vitest";
import { rendered } from "../../../../support/render-template.ts";

test.each([
  ['split "," "a,<b>" | toJSON', '["a","\\u003cb\\u003e"]'],
  ['split "," "a,<b>" | toUnescapedJSON', '["a","<b>"]'],
  ['parseJSON `{"b":1,"a":[]}` | toJSONPretty', '{\n  "a": [],\n  "b": 1\n}'],
  ['parseJSON `{"b":"1","a":[1]}` | toYAML', 'a:\n- 1\nb: "1"'],
  ['base64Encode "hello"', "aGVsbG8="],
  ['base64Decode "aGVsbG8="', "hello"],
  ['base64URLEncode "??>>"', "Pz8-Pg=="],
  ['base64URLDecode "Pz8-Pg=="', "??>>"],
  ['md5sum "a"', "0cc175b9c0f1b6a831c399e269772661"],
  ['sha256Hex "a"', "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
  [
    'hmacSHA256Hex "somemessage" "somekey"',
    "6116e95f2827172aa6ef8b22b883f6a77e966aefc129c6b8228ebd0aac74e98d",
  ],
])("%s gives %j", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toBe(expected);
});

test.each([
  ['base64Decode "a"', "illegal base64 data"],
  ['base64Decode "a_=="', "illegal base64 data"],
  ['base64URLDecode "a+=="', "illegal base64 data"],
])("%s is a fault", (text, expected) => {
  expect(rendered(`{{ ${text} }}`)).toContain(expected);
});
