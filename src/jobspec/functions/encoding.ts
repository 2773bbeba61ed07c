import { formatBigFloat } from "../core/hcl/big-float.ts";
import { jsonValue, readJsonText } from "../core/hcl/json-text.ts";
import { createSource, Fault } from "../core/hcl/source.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import type { LanguageFunction } from "../core/hcl/scope-types.ts";
import { entriesOf, objectValue, textValue, tupleValue } from "../core/hcl/value.ts";
import type { TypeSpec, Value } from "../core/hcl/value-types.ts";
import { textOf } from "./arguments.ts";
import { decodeYaml } from "./yaml-read.ts";
import { encodeYaml } from "./yaml-write.ts";

const string: TypeSpec = { kind: "string" };
const ofText = (compute: (text: string) => Value): LanguageFunction => ({
  params: [string],
  call: ([text]) => compute(textOf(text)),
});

export const encodingFunctions: Readonly<Record<string, LanguageFunction>> = {
  base64encode: ofText((text) => textValue(Buffer.from(text, "utf8").toString("base64"))),
  base64decode: ofText(decodeBase64),
  jsonencode: {
    params: [{ kind: "nullable" }],
    call: ([value]) => textValue(languageJson(value ?? { type: "null" })),
  },
  jsondecode: ofText(decodeJson),
  csvdecode: ofText(decodeCsv),
  urlencode: ofText((text) => textValue(encodeQuery(text))),
  yamldecode: ofText(decodeYaml),
  yamlencode: {
    params: [{ kind: "nullable" }],
    call: ([value]) => textValue(encodeYaml(value ?? { type: "null" })),
  },
};

function decodeBase64(text: string): Value {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw new CallFault("this is not base64 data", 0);
  const decoded = bytes.toString("utf8");
  if (!Buffer.from(decoded, "utf8").equals(bytes))
    throw new CallFault("the result is not UTF-8 text", 0);
  return textValue(decoded);
}

/** Keys sorted, no blanks, and the characters that matter in HTML escaped. */
export function languageJson(value: Value): string {
  if (value.type === "number") return formatBigFloat(value.number);
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
    throw new CallFault(`this is not JSON: ${summary} at ${place}; ${detail}`, 0);
  }
}

function decodeCsv(text: string): Value {
  const [header, ...rows] = csvRows(text);
  if (header === undefined) throw new CallFault("missing header line", 0);
  return tupleValue(
    rows.map((row, at) => {
      if (row.length !== header.length)
        throw new CallFault(`line ${at + 2} has the wrong number of fields`, 0);
      return objectValue(
        new Map(header.map((name, column) => [name, textValue(row[column] ?? "")])),
      );
    }),
  );
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    if (!found) throw new CallFault("a quote stands where none may be", 0);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return row.length > 0 ? [...rows, [...row, ""]] : rows;
}

function encodeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
