import { assertNever } from "../../../lib/errors.ts";
import type { Json } from "../../../lib/json.ts";
import type { Attribute, Block, Expression } from "../hcl/ast-types.ts";
import { spendSteps } from "../hcl/limits.ts";
import { argumentSpec, decodeArgument, zeroOf } from "./argument.ts";
import type { ArgumentSpec } from "./argument.ts";
import { expandBlocks } from "./dynamic.ts";
import type { Piece } from "./dynamic.ts";
import { decodeFreeBody, decodeOpenBody } from "./free-body.ts";
import { adviceSteps, explainUnknown, meantName } from "./explain-unknown.ts";
import { refuseMissing } from "./missing.ts";
import { fieldOf, headOf } from "./places.ts";
import type { WrittenField } from "./places.ts";
import type { BlockSpec, ChildSpec, DecodeContext, DecodedBlock } from "./spec-types.ts";

/** Decodes one block by its table. Everything wrong in it goes to the faults; the rest is decoded all the same. */
export function decodeBlock(piece: Piece, spec: BlockSpec, context: DecodeContext): DecodedBlock {
  const { block } = piece;
  const path = [...context.path, { name: block.name, spec }];
  const own = { ...context, scope: piece.scope, path };
  const out: DecodedBlock = {};
  const written = new Map<string, Attribute>();
  checkLabels(piece, spec.labels?.length ?? 0, own);
  spec.labels?.forEach((key, at) => {
    if (key !== "-") out[key] = piece.labels[at]?.text ?? "";
  });
  const { zeros, required, argumentsByName } = tableOf(spec);
  for (const [key, zero] of zeros) out[key] = zero;
  const seen = new Set<string>();
  const misspelt: string[] = [];
  for (const item of expandBlocks(block.body, spec, own)) {
    if (item.kind === "attribute") {
      const isNew = !seen.has(item.name);
      seen.add(item.name);
      if (!isNew) refuseSecond(item, block, own);
      else if (decodeNamed(item, argumentsByName.get(item.name), own, out))
        written.set(item.name, item);
      else misspelt.push(item.name);
    } else decodeChild(item, spec, own, { out, seen });
  }
  const missing = required.filter((name) => !written.has(name));
  // One that is there under a wrong name was told of already.
  const meant = missing.length === 0 ? [] : misspelt.map((name) => meantName(name, path));
  for (const name of missing) if (!meant.includes(name)) refuseMissing(name, block, own.faults);
  const expression = (name: string): Expression | undefined => written.get(name)?.value;
  const { faults, places } = context;
  const finish = { block, faults, expression, ...(places && { places }) };
  const done = spec.finish?.(out, finish) ?? out;
  places?.keep(done, { head: headOf(piece.block), fields: fieldsOf(spec, piece, written) });
  return done;
}

/** By output key. A short form counts as the target that it gives a constraint. */
function fieldsOf(
  spec: BlockSpec,
  { labels }: Piece,
  written: ReadonlyMap<string, Attribute>,
): ReadonlyMap<string, WrittenField> {
  const fields = new Map<string, WrittenField>();
  spec.labels?.forEach((key, at) => {
    const label = labels[at];
    if (label !== undefined) fields.set(key, { range: label.range });
  });
  for (const [name, item] of written) {
    const { key } = argumentSpec(spec.arguments[name] ?? "");
    const isShort = key.startsWith("$");
    if (isShort) for (const target of ["Operand", "RTarget"]) fields.set(target, fieldOf(item));
    else if (!fields.has(key)) fields.set(key, fieldOf(item));
  }
  return fields;
}

/** A block's table in the form that decoding needs. */
interface SpecTable {
  readonly argumentsByName: ReadonlyMap<string, ArgumentSpec>;
  /** What plain fields hold when nobody writes them. */
  readonly zeros: readonly (readonly [key: string, zero: Json])[];
  readonly required: readonly string[];
}
const tables = new WeakMap<BlockSpec, SpecTable>();

/** Made once for each kind of block, of which a file may have thousands. */
function tableOf(spec: BlockSpec): SpecTable {
  const known = tables.get(spec);
  if (known !== undefined) return known;
  const all = Object.entries(spec.arguments).map(
    ([name, short]) => [name, argumentSpec(short)] as const,
  );
  const table: SpecTable = {
    argumentsByName: new Map(all),
    zeros: all.flatMap(([, argument]) => {
      const zero = zeroOf(argument);
      return zero === undefined ? [] : [[argument.key, zero] as const];
    }),
    required: all.flatMap(([name, { mark }]) => (mark === "!" ? [name] : [])),
  };
  tables.set(spec, table);
  return table;
}

function refuseSecond(item: Attribute, { body }: Block, context: DecodeContext): void {
  const block = body.items.find(({ kind, name }) => kind === "block" && name === item.name);
  if (block !== undefined) {
    const both = `"${item.name}" is written as a block and as an argument; only one of them is allowed.`;
    context.faults.at(block.nameRange, `Duplicate ${item.name} block`, both);
    return;
  }
  const detail = `The argument "${item.name}" is already set above; each may be set once.`;
  context.faults.at(item.nameRange, "Attribute redefined", detail);
}

function decodeNamed(
  item: Attribute,
  argument: ArgumentSpec | undefined,
  context: DecodeContext,
  out: DecodedBlock,
): boolean {
  if (argument === undefined) {
    context.faults.attempt(() => {
      spendSteps(context.scope.budget, item.nameRange, adviceSteps(context.faults));
      const detail = explainUnknown("argument", item.name, context);
      context.faults.at(item.nameRange, "Unsupported argument", detail);
    });
    return false;
  }
  const value = context.faults.attempt(() => decodeArgument(item.value, argument, context.scope));
  if (value !== undefined) out[argument.key] = value;
  return true;
}

function decodeChild(
  piece: Piece,
  spec: BlockSpec,
  context: DecodeContext,
  into: { readonly out: DecodedBlock; readonly seen: Set<string> },
): void {
  const { name } = piece.block;
  const child =
    spec.blocks !== undefined && Object.hasOwn(spec.blocks, name) ? spec.blocks[name] : undefined;
  if (child === undefined) {
    const { nameRange } = piece.block;
    context.faults.attempt(() => {
      spendSteps(context.scope.budget, nameRange, adviceSteps(context.faults));
      const detail = explainUnknown("block", name, context);
      context.faults.at(nameRange, "Unsupported block type", detail);
    });
    return;
  }
  const isRepeatable = child.kind === "list" || child.kind === "map";
  if (!isRepeatable && into.seen.has(name)) {
    const detail = `Only one ${name} block is allowed here; another one stands above.`;
    context.faults.at(piece.block.nameRange, `Duplicate ${name} block`, detail);
    return;
  }
  into.seen.add(name);
  context.faults.attempt(() => {
    spendSteps(piece.scope.budget, piece.block.nameRange, stepsOfBlock);
    store(child, into.out, piece, context);
  });
}

/** A block has all the fields of its kind, also those that nobody writes. */
const stepsOfBlock = 8;

function store(child: ChildSpec, out: DecodedBlock, piece: Piece, context: DecodeContext): void {
  const { key } = child;
  const own = { ...context, scope: piece.scope };
  switch (child.kind) {
    case "once":
      out[key] = decodeBlock(piece, child.spec, own);
      return;
    case "list": {
      const before = out[key];
      const list: Json[] = Array.isArray(before) ? before : [];
      list.push(decodeBlock(piece, child.spec, own));
      out[key] = list;
      return;
    }
    case "map": {
      const before = out[key];
      const map = (before ?? {}) as DecodedBlock;
      const label = piece.labels[0]?.text ?? "";
      // Defined and not set, because a label may be called __proto__.
      Object.defineProperty(map, label, {
        value: decodeBlock(piece, child.spec, own),
        configurable: true,
        enumerable: true,
        writable: true,
      });
      out[key] = map;
      return;
    }
    case "open":
      checkLabels(piece, 0, own);
      out[key] = decodeOpenBody(piece.block, child.type, own);
      return;
    case "free":
      checkLabels(piece, 0, own);
      out[key] = decodeFreeBody(piece.block, own);
      return;
    default:
      assertNever(child);
  }
}

function checkLabels(piece: Piece, wanted: number, context: DecodeContext): void {
  const { block, labels } = piece;
  const extra = labels[wanted];
  if (labels.length < wanted)
    context.faults.at(
      block.braceRange,
      `Missing name for ${block.name}`,
      `All ${block.name} blocks must have ${wanted} label(s).`,
    );
  else if (extra !== undefined)
    context.faults.at(
      extra.range,
      `Extraneous label for ${block.name}`,
      wanted === 0
        ? `No labels are expected for ${block.name} blocks.`
        : `Only ${wanted} label(s) are expected for ${block.name} blocks.`,
    );
}
