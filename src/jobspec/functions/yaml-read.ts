import { createRequire } from "node:module";
import type * as Yaml from "yaml";
import type { CST, Document, Node, Scalar, YAMLMap } from "yaml";
import { infinity, parseBigFloat } from "../core/hcl/big-float.ts";
import { CallFault } from "../core/hcl/scope-types.ts";
import { boolValue, convertValue, nullValue } from "../core/hcl/value.ts";
import { objectValue, textValue, tupleValue } from "../core/hcl/value.ts";
import type { Value } from "../core/hcl/value-types.ts";

type Token = CST.Token;
type Library = Pick<
  typeof Yaml,
  "isAlias" | "isMap" | "isNode" | "isScalar" | "isSeq" | "parseDocument" | "Parser"
>;
const require = createRequire(import.meta.url);
let loaded: Library | undefined;
/** Loaded by the first YAML text: hardly any job file has one. */
const library = (): Library => (loaded ??= require("yaml") as Library);

/** Reads one document. What plain words mean is decided here: `yes` and `0x1f` count as YAML 1.1 has them. */
export function decodeYaml(text: string): Value {
  const document = documentOf(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw notYaml(fault.message.split("\n")[0] ?? fault.message);
  if (document.contents === null) throw notYaml("there is no value in it");
  return new Reader().read(document.contents);
}

const notYaml = (reason: string): CallFault =>
  new CallFault(`this is not YAML that can be read: ${reason}`, 0);

function documentOf(text: string): Document.Parsed {
  try {
    refuseDeep(text);
    return library().parseDocument(text, {
      schema: "failsafe",
      uniqueKeys: false,
      logLevel: "error",
      prettyErrors: false,
    });
  } catch (thrown) {
    // The parser goes as deep as the text does; a stack that ends is the text's fault.
    if (thrown instanceof RangeError) throw notYaml("it is nested too deeply");
    throw thrown;
  }
}

const deepest = 200;

/**
 * The document is made by recursion, and how deep that may go differs from thread to thread. The signs that it is made
 * of are there without any, so they are looked at before.
 */
function refuseDeep(text: string): void {
  for (const top of new (library().Parser)().parse(text)) {
    let level: readonly Token[] = [top];
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth > deepest) throw notYaml("it is nested too deeply");
      level = level.flatMap(partsOf);
    }
  }
}

function partsOf(token: Token): readonly Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  const parts = token.items.flatMap(({ key, value }) => [key, value]);
  return parts.filter((part) => part !== undefined && part !== null);
}

/** Aliases share the value of their anchor, so that a small text cannot grow by naming itself. */
class Reader {
  /** The last node of each name so far: looking for it in the document would take long for many aliases. */
  readonly #anchors = new Map<string, Node>();
  readonly #done = new Map<Node, Value>();
  readonly #open = new Set<Node>();

  read(node: unknown): Value {
    if (library().isAlias(node)) return this.#alias(this.#anchors.get(node.source), node.source);
    if (library().isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (library().isScalar(node)) return this.#keep(node, () => scalarValue(node));
    if (library().isSeq(node)) {
      checkTag(node.tag, "seq");
      return this.#keep(node, () => tupleValue(node.items.map((item) => this.read(item))));
    }
    if (library().isMap(node)) {
      checkTag(node.tag, "map");
      return this.#keep(node, () => this.#mapping(node));
    }
    // A key without a value has no node at all.
    return nullValue;
  }

  #keep(node: Node, read: () => Value): Value {
    if (this.#open.size >= deepest) throw notYaml("it is nested too deeply");
    this.#open.add(node);
    const value = read();
    this.#open.delete(node);
    this.#done.set(node, value);
    return value;
  }

  #alias(target: Node | undefined, name: string): Value {
    if (target === undefined) throw notYaml(`there is no anchor "${name}"`);
    if (this.#open.has(target)) throw notYaml(`the anchor "${name}" contains itself`);
    return this.#done.get(target) ?? this.read(target);
  }

  #mapping(node: YAMLMap): Value {
    const entries = new Map<string, Value>();
    for (const { key, value } of node.items) {
      if (
        library().isScalar(key) &&
        key.type === "PLAIN" &&
        key.value === "<<" &&
        key.tag === undefined
      )
        for (const [name, item] of merged(this.read(value))) entries.set(name, item);
      else entries.set(this.#key(key), this.read(value));
    }
    return objectValue(entries);
  }

  #key(key: unknown): string {
    if (library().isScalar(key) && key.anchor !== undefined) this.#anchors.set(key.anchor, key);
    const text = library().isScalar(key)
      ? convertValue(scalarValue(key), { kind: "string" })
      : undefined;
    if (text?.type === "string") return text.text;
    throw notYaml("a key must be text and not null");
  }
}

/** The entries that `<<` brings in; of several maps the first one wins. */
function merged(value: Value): readonly (readonly [string, Value])[] {
  if (value.type === "object") return [...value.entries];
  if (value.type !== "tuple") throw notYaml("<< needs a mapping or a list of them");
  return value.items.toReversed().flatMap((item) => {
    if (item.type === "object") return [...item.entries];
    throw notYaml("<< needs a mapping or a list of them");
  });
}

function checkTag(tag: string | undefined, wanted: "map" | "seq"): void {
  if (tag !== undefined && tag !== "!" && tag !== `${tagPrefix}${wanted}`)
    throw notYaml(`a ${wanted === "map" ? "mapping" : "sequence"} cannot be read as ${tag}`);
}

const tagPrefix = "tag:yaml.org,2002:";
const words = new Map<string, Value>([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, Value] => [word, nullValue]),
  ...wordsOf(["y", "yes", "true", "on"], boolValue(true)),
  ...wordsOf(["n", "no", "false", "off"], boolValue(false)),
  ...["", "+", "-"].flatMap((sign) =>
    [".inf", ".Inf", ".INF"].map((word): [string, Value] => [
      `${sign}${word}`,
      { type: "number", number: infinity(sign === "-" ? -1 : 1) },
    ]),
  ),
]);

function wordsOf(small: readonly string[], value: Value): readonly [string, Value][] {
  return small.flatMap((word): [string, Value][] => [
    [word, value],
    [word.slice(0, 1).toUpperCase() + word.slice(1), value],
    [word.toUpperCase(), value],
  ]);
}

function scalarValue(node: Scalar): Value {
  const text = node.source ?? "";
  const tag = node.tag?.startsWith(tagPrefix) ? node.tag.slice(tagPrefix.length) : node.tag;
  const isQuoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
  switch (tag) {
    case undefined:
      return isQuoted ? textValue(text) : plainValue(text);
    case "!":
    case "str":
      return textValue(text);
    case "binary":
      if (Buffer.from(text, "base64").toString("base64") === text) return textValue(text);
      throw notYaml("a value tagged !!binary is not base64");
    case "null":
      return nullValue;
    case "bool":
      return tagged(words.get(text), "bool", text);
    case "int":
    case "float":
      return tagged(numberOf(text) ?? words.get(text), "number", text);
    case "timestamp":
      return tagged(timeOf(text), "string", text);
    default:
      throw notYaml(`the tag ${tag} has no meaning here`);
  }
}

function tagged(value: Value | undefined, type: Value["type"], text: string): Value {
  if (value?.type === type) return value;
  throw notYaml(`${JSON.stringify(text)} does not fit its tag`);
}

function plainValue(text: string): Value {
  const known = words.get(text) ?? timeOf(text) ?? numberOf(text);
  if (known !== undefined) return known;
  if (/^\.nan$/i.test(text)) throw notYaml("there is no number for .nan");
  return textValue(text);
}

function numberOf(text: string): Value | undefined {
  if (!/^[-+.0-9]/.test(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const based = /^([-+]?)(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/.exec(plain);
  const digits = based ? `${based[1]}${BigInt(based[2] ?? "0")}` : plain;
  const number = parseBigFloat(digits.replace(/^([-+]?)\./, "$10.").replace(/\.(?=[eE]|$)/, ""));
  return number === undefined ? undefined : { type: "number", number };
}

/** Dates and times become text as RFC 3339 has it, without a fraction. */
function timeOf(text: string): Value | undefined {
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, between, hour = "0", minute = "0", second = "0", zone] = match;
  // A zone stands behind T and never behind a blank.
  if (between !== undefined && (between === " ") === (zone !== undefined)) return undefined;
  const two = (part: string | undefined): string => (part ?? "").padStart(2, "0");
  const written = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
  const read = new Date(`${written}Z`);
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(written)) return undefined;
  return textValue(`${written}${zone ?? "Z"}`);
}
