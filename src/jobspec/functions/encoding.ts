import { formatBigFloat } from "../core/hcl/big-float.ts";
import { jsonValue, readJsonText } from "../core/hcl/json-text.ts";
import { createSource, Fault } from "../core/hcl/source.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { entriesOf, nullValue, textValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";
import { perPart, step } from "./work.ts";
import { decodeCsv } from "./csv.ts";
import { decodeYaml } from "./yaml-read.ts";
import { encodeYaml } from "./yaml-write.ts";

const string: TypeSpec = { kind: "string" };
const ofText = (
  compute: (text: string) => Value,
  work: NonNullable<LanguageFunction["work"]> = perPart(2, 1),
): LanguageFunction => ({
  params: [string],
  work,
  call: ([text]) => compute(textOf(text)),
});

export const encodingFunctions: Readonly<Record<string, LanguageFunction>> = {
  base64encode: ofText((text) => textValue(Buffer.from(text, "utf8").toString("base64"))),
  base64decode: ofText(decodeBase64),
  jsonencode: {
    params: [{ kind: "nullable" }],
    work: perPart(2, 1),
    call: ([value]) => textValue(languageJson(value ?? nullValue)),
  },
  jsondecode: ofText(decodeJson, perPart(8, 8)),
  csvdecode: ofText(decodeCsv, csvUnits),
  urlencode: ofText((text) => textValue(encodeQuery(text))),
  yamldecode: ofText(decodeYaml, perPart(3 * step, 50)),
  yamlencode: {
    params: [{ kind: "nullable" }],
    work: perPart(16, 2),
    call: ([value]) => textValue(encodeYaml(value ?? nullValue)),
  },
};

/** Every line becomes a map of its own. */
function csvUnits([text]: readonly Value[]): number {
  return 32 * textOf(text).length + 3 * step * textOf(text).split("\n").length;
}

/** Line ends within are passed over; bits too many at the end are dropped. */
export function base64Bytes(text: string): Buffer {
  const plain = text.replaceAll(/[\r\n]/g, "");
  if (plain.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(plain))
    throw new CallFault("this is not base64 data", 0);
  return Buffer.from(plain, "base64");
}

function decodeBase64(text: string): Value {
  const bytes = base64Bytes(text);
  const decoded = bytes.toString("utf8");
  if (!Buffer.from(decoded, "utf8").equals(bytes))
    throw new CallFault("the result is not UTF-8 text", 0);
  return textValue(decoded);
}

/** Keys sorted, no blanks, and the characters that matter in HTML escaped. */
export function languageJson(value: Value): string {
  if (value.type === "number") {
    if (value.number.infinite !== 0) throw new CallFault("JSON has no infinite numbers");
    return formatBigFloat(value.number);
  }
  if (value.type === "string") return encodeText(value.text);
  if (value.type === "bool") return String(value.is);
  if ("items" in value) return `[${value.items.map(languageJson).join(",")}]`;
  if (value.type === "null") return "null";
  const entries = (entriesOf(value) ?? []).map(
    ([key, item]) => `${encodeText(textOf(key))}:${languageJson(item)}`,
  );
  return `{${entries.join(",")}}`;
}

const encodeText = (text: string): string =>
  JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

function decodeJson(text: string): Value {
  try {
    return jsonValue(readJsonText(createSource("", text)));
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { start, summary, detail } = thrown.diagnostic;
    const place = `line ${start?.line ?? 1}, column ${start?.column ?? 1}`;
    throw new CallFault(
      `this is not JSON: ${summary} at ${place}; ${detail.replace(/\.$/, "")}`,
      0,
    );
  }
}

function encodeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
