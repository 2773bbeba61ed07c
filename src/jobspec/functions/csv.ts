import { CallFault } from "../core/hcl/scope-types.ts";
import { textType } from "../core/hcl/types.ts";
import { listValue, objectValue, textValue } from "../core/hcl/value.ts";
import type { Value } from "../core/hcl/value-types.ts";

/** RFC 4180 with a header: a list of objects, one for each line below it. Empty lines are passed over. */
export function decodeCsv(text: string): Value {
  const [header, ...rows] = csvRows(text);
  if (header === undefined) throw new CallFault("the header line is missing", 0);
  const names = new Set<string>();
  const twice = header.fields.find((name) => names.size === names.add(name).size);
  if (twice !== undefined)
    throw new CallFault(`two columns have the name ${JSON.stringify(twice)}`, 0);
  const attributes = new Map(header.fields.map((name) => [name.normalize("NFC"), textType]));
  return listValue(
    rows.map(({ fields, line }) => {
      if (fields.length !== header.fields.length)
        throw new CallFault(
          `line ${line} has ${fields.length} fields and the header ${header.fields.length}`,
          0,
        );
      const entries = header.fields.map(
        (name, at) => [name.normalize("NFC"), textValue(fields[at] ?? "")] as const,
      );
      return objectValue(new Map(entries));
    }),
    { kind: "object", attributes },
  );
}

interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}
interface Reader {
  readonly text: string;
  at: number;
  line: number;
}

function csvRows(written: string): readonly Row[] {
  const reader: Reader = { text: written.replaceAll("\r\n", "\n"), at: 0, line: 1 };
  const rows: Row[] = [];
  while (reader.at < reader.text.length) {
    if (reader.text[reader.at] === "\n") {
      reader.at += 1;
      reader.line += 1;
      continue;
    }
    const { line } = reader;
    rows.push({ fields: readRow(reader), line });
  }
  return rows;
}

function readRow(reader: Reader): readonly string[] {
  const fields: string[] = [];
  for (;;) {
    fields.push(reader.text[reader.at] === '"' ? readQuoted(reader) : readBare(reader));
    const next = reader.text[reader.at];
    reader.at += 1;
    if (next === ",") continue;
    reader.line += 1;
    return fields;
  }
}

function readBare(reader: Reader): string {
  const start = reader.at;
  while (!",\n".includes(reader.text[reader.at] ?? "\n")) reader.at += 1;
  const field = reader.text.slice(start, reader.at);
  if (field.includes('"'))
    throw new CallFault(`line ${reader.line} has a quote within a field that has none around`, 0);
  return field;
}

function readQuoted(reader: Reader): string {
  const { text, line } = reader;
  const pieces: string[] = [];
  let start = reader.at + 1;
  for (;;) {
    const end = text.indexOf('"', start);
    if (end < 0) throw new CallFault(`the quote in line ${line} is never closed`, 0);
    pieces.push(text.slice(start, end));
    start = end + 2;
    if (text[end + 1] === '"') continue;
    reader.at = end + 1;
    break;
  }
  if (!",\n".includes(text[reader.at] ?? "\n"))
    throw new CallFault(`line ${line} has more behind a closing quote than a comma`, 0);
  const field = pieces.join('"');
  reader.line += field.split("\n").length - 1;
  return field;
}
