import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { randomNumbers } from "./print-expression.ts";

/** Every job file at hand, right and wrong ones. */
export const jobFiles: readonly string[] = ["jobs", "test/golden/data"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:nomad|hcl|vars|json-in)$/.test(name))
    .map((name) => join(folder, name)),
);

const tokens = [
  Array.from("{}[]()=,.:?!*+-/%<>&|~#\"'\\$`;\n\r\t \u0000\u0301é😀"),
  [
    "\r\n",
    "\uFEFF",
    "${",
    "%{",
    "$${",
    "%%{",
    "~}",
    "${~",
    "/*",
    "*/",
    "//",
    "<<A\n",
    "<<-A\n",
    "A\n",
  ],
  ["...", "=>", "==", "!=", "<=", ">=", "&&", "||", "::", "[*]", ".*", ".0"],
  ["for", "in", "if", "else", "endif", "endfor", "true", "false", "null", "x", "a1", "é-b"],
  [
    "1",
    "0",
    "42",
    "1e3",
    "1.5",
    "9e999999",
    "0.1",
    '"text"',
    '"${x}"',
    '"%{ if true }a%{ endif }"',
  ],
  [
    'job "j" {\n',
    'group "g" {\n',
    'task "t" {\n',
    "locals {\n",
    'variable "v" {\n',
    "config {\n",
    "}\n",
  ],
  [
    'dynamic "group" {\n',
    "for_each = ",
    "content {\n",
    "default = ",
    "type = ",
    "count = ",
    "meta {\n",
  ],
  [
    "local.x",
    "var.v",
    "upper(",
    "range(",
    "format(",
    "jsondecode(",
    "try(",
    "can(",
    "convert(",
    "merge(",
  ],
].flat();

/** A text that nobody wrote, made from a number: noise, token soup, or a job file with spans moved about. */
export function fuzzText(seed: number): string {
  const random = randomNumbers(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const kind = below(4);
  if (kind === 0) return noise(below);
  if (kind === 1) return soup(below);
  const text = readText(below(jobFiles.length));
  let changed = text;
  for (let n = below(2) * below(4); n >= 0; n--) changed = mutate(changed, below);
  return changed;
}

type Below = (n: number) => number;

const noise = (below: Below): string =>
  Buffer.from(Array.from({ length: below(200) }, () => below(256))).toString(
    below(2) === 0 ? "utf8" : "latin1",
  );

const soup = (below: Below): string => {
  const words = Array.from({ length: below(60) }, () => tokens[below(tokens.length)] ?? "");
  const text = words.join(below(2) === 0 ? " " : "");
  return below(2) === 0 ? text : `job "j" {\n  meta = ${text}\n}\n`;
};

const texts = new Map<number, string>();
function readText(at: number): string {
  const known = texts.get(at) ?? readFileSync(jobFiles[at] ?? "", "utf8");
  texts.set(at, known);
  return known;
}

function mutate(text: string, below: Below): string {
  const [start, length] = [below(text.length + 1), below(below(4) === 0 ? text.length + 1 : 12)];
  const [head, span, tail] = [
    text.slice(0, start),
    text.slice(start, start + length),
    text.slice(start + length),
  ];
  switch (below(6)) {
    case 0:
      return head + tail;
    case 1:
      return head + span + span + tail;
    case 2: {
      const at = below(tail.length + 1);
      return head + tail.slice(0, at) + span + tail.slice(at);
    }
    case 3:
      return head + (tokens[below(tokens.length)] ?? "") + tail;
    case 4:
      return head + String.fromCharCode(below(0x10000)) + tail;
    default: {
      const other = readText(below(jobFiles.length));
      return head + other.slice(below(other.length + 1));
    }
  }
}
