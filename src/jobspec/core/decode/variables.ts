import type { Diagnostic } from "../../../lib/diagnostic.ts";
import type { Attribute, Block, Body, Expression } from "../hcl/ast-types.ts";
import { readWholeExpression } from "../hcl/body.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { truth } from "../hcl/operators.ts";
import { spendSteps } from "../hcl/limits.ts";
import type { Budget } from "../hcl/limits.ts";
import type { FunctionTable, Namespace, Scope } from "../hcl/scope-types.ts";
import { createSource, Fault, SeveralFaults } from "../hcl/source.ts";
import type { Faults, Range } from "../hcl/source.ts";
import { nearMiss } from "../../../lib/near-miss.ts";
import { readType } from "../hcl/type-spec.ts";
import { plainText, readRule } from "./variable-rules.ts";
import type { Rule } from "./variable-rules.ts";
import { typeOf } from "../hcl/types.ts";
import { convertValue, textValue, typeName } from "../hcl/value.ts";
import type { TypeSpec, Value } from "../hcl/value-types.ts";

/** A value somebody gives a variable: an expression of a file, or plain text. */
export type GivenValue =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "text"; readonly text: string; readonly origin: string }
  /** A file that may well give one has faults; what follows from that is not told besides them. */
  | { readonly kind: "unreadable"; readonly told: Diagnostic };

interface Declaration {
  readonly name: string;
  readonly range: Range;
  readonly type: TypeSpec | undefined;
  readonly fallback: { readonly value: Value; readonly range: Range } | undefined;
  readonly rules: readonly Rule[];
  /** Where a second declaration of the name is told; a `variable` block's has no place, as in the reference. */
  readonly duplicateAt: Range | undefined;
}

const stepsOfVariable = 8;

/** What the expressions of all variables share. */
export interface Tools {
  readonly functions: FunctionTable;
  readonly budget: Budget;
}

const strict = (tools: Tools): Scope => ({
  ...tools,
  names: new Map(),
  namespaces: new Map(),
  keepsUnknown: false,
});

/** Declares the variables of a file and gives each its strongest value. */
export function resolveVariables(
  body: Body,
  given: ReadonlyMap<string, GivenValue>,
  tools: Tools,
  faults: Faults,
): Namespace {
  const resolved = new Map<string, Value | Fault>();
  const declared = new Set<string>();
  for (const item of body.items) {
    if (item.kind !== "block" || faults.isFull) continue;
    const isShort = item.name === "variables";
    if (!isShort && item.name !== "variable") continue;
    const declarations = isShort
      ? shortDeclarations(item, faults, tools.budget)
      : [attempt(() => declarationOf(item, faults, tools.budget))];
    for (const declaration of declarations) {
      if (declaration instanceof Fault) {
        faults.addFault(declaration);
        const name = item.labels[0]?.text;
        if (name !== undefined) resolved.set(name, declaration);
        continue;
      }
      const { name, range } = declaration;
      const first = attempt(() => spendSteps(tools.budget, range, stepsOfVariable));
      if (first instanceof Fault) {
        faults.add(first.diagnostic);
        break;
      }
      if (declared.has(name)) faults.add(duplicate(declaration));
      declared.add(name);
      const value = attempt(() => valueOf(declaration, given.get(name), tools));
      if (value instanceof Fault) faults.addFault(value);
      resolved.set(name, value);
    }
  }
  return namespaceOf(resolved);
}

function duplicate({ duplicateAt, name, range }: Declaration): Diagnostic {
  const detail = `The variable "${name}" is declared twice.`;
  return new Fault(duplicateAt, "Duplicate variable", detail, range).diagnostic;
}

function attempt<T>(step: () => T): T | Fault {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}

/** Asking for a broken one gives its own fault again, which is then not told twice. */
function namespaceOf(resolved: ReadonlyMap<string, Value | Fault>): Namespace {
  const get = (name: string): Value | undefined => {
    const value = resolved.get(name);
    if (value instanceof Fault) throw value;
    return value;
  };
  return { get, names: () => [...resolved.keys()] };
}

function shortDeclarations(
  block: Block,
  faults: Faults,
  budget: Budget,
): readonly (Declaration | Fault)[] {
  refuseLabels(block, faults);
  return block.body.items.flatMap((item): readonly (Declaration | Fault)[] => {
    if (item.kind === "block") {
      faults.at(item.nameRange, "Unexpected block", "A variables block holds defaults only.");
      return [];
    }
    return [
      attempt(() => ({
        name: item.name,
        range: item.nameRange,
        type: undefined,
        fallback: fallbackOf(item.value, undefined, budget),
        rules: [],
        duplicateAt: item.nameRange,
      })),
    ];
  });
}

/** What the language takes for a bare word. */
const identifier = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/** Blocks of this kind have no names. */
export function refuseLabels(block: Block, faults: Faults): void {
  const [label] = block.labels;
  if (label)
    faults.at(label.range, `Extraneous label for ${block.name}`, "No labels are expected here.");
}

const known = ["type", "default", "description", "validation"];

function declarationOf(block: Block, faults: Faults, budget: Budget): Declaration {
  const [label, extra] = block.labels;
  if (label === undefined)
    throw new Fault(block.braceRange, "Missing name for variable", "A variable needs a label.");
  if (extra) faults.at(extra.range, "Extraneous label for variable", "Only one is expected.");
  if (!identifier.test(label.text))
    faults.at(
      label.range,
      "Invalid variable name",
      "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.",
    );
  const plain = strict({ functions: new Map(), budget });
  const rules: Rule[] = [];
  const attributes = new Map<string, Attribute>();
  for (const item of block.body.items) {
    if (item.kind === "block" && item.name === "validation") {
      const rule = readRule(item, label.text, plain, faults);
      if (rule !== undefined) rules.push(rule);
      continue;
    }
    const near = nearMiss(item.name, known);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    if (item.kind === "block" || !known.includes(item.name))
      faults.at(item.nameRange, "Unsupported argument", `Not expected in a variable.${hint}`);
    else if (attributes.has(item.name))
      faults.at(item.nameRange, "Attribute redefined", `"${item.name}" is set twice.`);
    else attributes.set(item.name, item);
  }
  const description = attributes.get("description")?.value;
  if (description !== undefined) faults.attempt(() => plainText(description, plain));
  const typeExpression = attributes.get("type")?.value;
  const type = typeExpression === undefined ? undefined : readType(typeExpression);
  const initial = attributes.get("default")?.value;
  const fallback = initial === undefined ? undefined : fallbackOf(initial, type, budget);
  return { name: label.text, range: label.range, type, fallback, rules, duplicateAt: undefined };
}

function fallbackOf(
  expression: Expression,
  type: TypeSpec | undefined,
  budget: Budget,
): Declaration["fallback"] {
  const value = evaluate(expression, strict({ functions: new Map(), budget }));
  return { value: fitted(value, type, expression.range), range: expression.range };
}

function fitted(value: Value, type: TypeSpec | undefined, range: Range | undefined): Value {
  const converted = type === undefined ? value : convertValue(value, type);
  if (converted !== undefined) return converted;
  const detail = `This ${typeName(value)} does not fit the type of the variable.`;
  throw new Fault(range, "Invalid value for variable", detail);
}

function valueOf(declaration: Declaration, given: GivenValue | undefined, tools: Tools): Value {
  const { fallback, name } = declaration;
  if (given === undefined && fallback === undefined)
    throw new Fault(
      undefined,
      "Unset variable",
      `The variable "${name}" has no default and no value was given.`,
      declaration.range,
    );
  if (given?.kind === "unreadable") throw new ToldFault(given.told);
  const type = declaration.type ?? (fallback ? typeOf(fallback.value) : undefined);
  const range = given === undefined ? fallback?.range : rangeOf(given);
  const value = given === undefined ? fallback?.value : givenValue(given, type, tools);
  if (value === undefined) throw new Error("assertion failed: a variable has a value");
  const final = fitted(value, type, range);
  const broken = declaration.rules
    .map((rule) => attempt(() => validate(rule, { name, value: final, range }, tools)))
    .flatMap((outcome) => (outcome instanceof Fault ? outcome.all : []));
  const [first, ...others] = broken;
  if (first !== undefined) throw new SeveralFaults(first, others);
  return final;
}

/** Stands for a fault that is in the list already, where the same one is not added again. */
class ToldFault extends Fault {
  readonly #told: Diagnostic;

  constructor(told: Diagnostic) {
    super(undefined, told.summary, told.detail);
    this.#told = told;
  }

  override tell(): Diagnostic {
    return this.#told;
  }
}

type ReadableValue = Exclude<GivenValue, { kind: "unreadable" }>;

const rangeOf = (given: ReadableValue): Range | undefined =>
  given.kind === "expression" ? given.expression.range : undefined;

/** Text from the command line and the environment is taken as it is, unless the type asks for more than a word. */
function givenValue(given: ReadableValue, type: TypeSpec | undefined, tools: Tools): Value {
  // A value refers to nothing, functions included, as a default does.
  const plain = strict({ ...tools, functions: new Map() });
  if (given.kind === "expression") return evaluate(given.expression, plain);
  if (type === undefined || ["string", "number", "any"].includes(type.kind))
    return textValue(given.text);
  const expression = readWholeExpression(createSource(given.origin, given.text));
  return evaluate(expression, plain);
}

function validate(
  { condition, message }: Rule,
  subject: { readonly name: string; readonly value: Value; readonly range: Range | undefined },
  tools: Tools,
): void {
  const own: Namespace = {
    get: (name) => (name === subject.name ? subject.value : undefined),
    names: () => [subject.name],
  };
  const scope = { ...strict(tools), namespaces: new Map([["var", own]]) };
  if (truth({ value: evaluate(condition, scope), expression: condition })) return;
  throw new Fault(subject.range, "Invalid value for variable", message);
}
