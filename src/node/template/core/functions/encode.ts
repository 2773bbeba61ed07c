import { exactly, textFunction } from "../call.ts";
import type { FunctionTable, TemplateFunction } from "../call.ts";
import { CallFault } from "../faults.ts";
import { jsonText } from "../json-text.ts";
import type { JsonStyle } from "../json-text.ts";
import { yamlText } from "../yaml-text.ts";

/** From values to texts of other formats, and from texts to digests. */
export const encodeFunctions: FunctionTable = {
  toJSON: json({ indent: "", isEscaped: true }),
  toJSONPretty: json({ indent: "  ", isEscaped: true }),
  toUnescapedJSON: json({ indent: "", isEscaped: false }),
  toUnescapedJSONPretty: json({ indent: "  ", isEscaped: false }),
  toYAML: exactly(1, (given, { budget }) => yamlText(given.any(0), budget)),
  base64Encode: textFunction((text, { host }) => host.encodeBase64(text)),
  base64Decode: textFunction((text, { host }) => decoded(host.decodeBase64(text), "base64Decode")),
  base64URLEncode: textFunction((text, { host }) =>
    host.encodeBase64(text).replaceAll("+", "-").replaceAll("/", "_"),
  ),
  base64URLDecode: textFunction((text, { host }) =>
    decoded(
      /[+/]/.test(text)
        ? undefined
        : host.decodeBase64(text.replaceAll("-", "+").replaceAll("_", "/")),
      "base64URLDecode",
    ),
  ),
  md5sum: textFunction((text, { host }) => host.digest("md5", text)),
  sha256Hex: textFunction((text, { host }) => host.digest("sha256", text)),
  hmacSHA256Hex: exactly(2, (given, { host, budget }) => {
    budget.read(given.text(0).length + given.text(1).length);
    return host.hmacSha256(given.text(1), given.text(0));
  }),
};

export function json(style: JsonStyle): TemplateFunction {
  return exactly(1, (given, { budget }) => jsonText(given.any(0), style, budget));
}

export function decoded(text: string | undefined, name: string): string {
  if (text === undefined) throw new CallFault(`${name}: illegal base64 data`);
  return text;
}
