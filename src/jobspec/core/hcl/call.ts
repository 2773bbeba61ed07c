import type { Expression } from "./ast-types.ts";
import { Findings } from "./findings.ts";
import { bounded, sizeOf, spendSize, spendSteps, spendUnits } from "./limits.ts";
import { startRange } from "./operators.ts";
import { CallFault } from "./scope-types.ts";
import type { LanguageFunction, ParameterSpec, Scope } from "./scope-types.ts";
import { Fault } from "./source.ts";
import type { Range } from "./source.ts";
import { nearMiss } from "../../../lib/near-miss.ts";
import { readType } from "./type-spec.ts";
import { boolValue, convertValue, typeName } from "./value.ts";
import type { Value } from "./value-types.ts";

type Evaluate = (expression: Expression, scope: Scope) => Value;
type Call = Extract<Expression, { kind: "call" }>;

export function callFunction(call: Call, scope: Scope, evaluate: Evaluate): Value {
  if (call.name === "try" || call.name === "can" || call.name === "convert")
    return callLazily(call, scope, evaluate);
  const found = scope.functions.get(call.name);
  if (found === undefined) {
    throw new Fault(call.nameRange, "Call to unknown function", (isBrief) => {
      if (isBrief) return `There is no function named "${call.name}".`;
      const near = nearMiss(call.name, [...scope.functions.keys(), "try", "can", "convert"]);
      const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
      return `There is no function named "${call.name}".${hint}`;
    });
  }
  const args = spreadArguments(call, scope, evaluate);
  checkCount(call, found, args);
  const converted = convertArguments(call, found, args, scope);
  try {
    if (found.work !== undefined) spendUnits(scope.budget, call.range, found.work(converted));
    const result = bounded(found.call(converted), call.range);
    spendSize(scope.budget, call.range, result);
    return result;
  } catch (thrown) {
    if (!(thrown instanceof CallFault)) throw thrown;
    throw thrown.index === undefined
      ? new Fault(call.range, "Error in function call", `${call.name}: ${thrown.message}.`)
      : badArgument(call, { at: thrown.index, range: args[thrown.index]?.range }, thrown.message);
  }
}

/** One argument: where people are told of it, and what gives its value. */
interface Argument {
  readonly range: Range;
  readonly read: () => Value;
}

/** The arguments as they will be counted: the elements of an expanded one each on their own. */
function spreadArguments(call: Call, scope: Scope, evaluate: Evaluate): readonly Argument[] {
  const args = call.args.map((arg) => ({
    range: startRange(arg),
    read: () => evaluate(arg, scope),
  }));
  const last = call.isExpanded ? call.args.at(-1) : undefined;
  if (last === undefined) return args;
  const value = evaluate(last, scope);
  if ("items" in value)
    return [
      ...args.slice(0, -1),
      ...value.items.map((item) => ({ range: last.range, read: () => item })),
    ];
  throw new Fault(
    last.range,
    "Invalid expanding argument value",
    "Only a list, set or tuple can be expanded with ... into arguments.",
  );
}

function checkCount(call: Call, found: LanguageFunction, args: readonly Argument[]): void {
  const wanted = found.params.length;
  if (args.length < wanted)
    throw new Fault(
      call.closeRange,
      "Not enough function arguments",
      `Function "${call.name}" expects ${found.rest ? "at least " : ""}${wanted} argument(s), got ${args.length}.`,
    );
  const extra = args[wanted];
  if (extra === undefined || found.rest) return;
  throw new Fault(
    extra.range,
    "Too many function arguments",
    `Function "${call.name}" expects only ${wanted} argument(s).`,
  );
}

/** Every argument in the type that its parameter has; null is told of only when nothing else is wrong. */
function convertArguments(
  call: Call,
  found: LanguageFunction,
  args: readonly Argument[],
  scope: Scope,
): readonly Value[] {
  const findings = new Findings(scope);
  const wanted = (at: number): ParameterSpec => found.params[at] ?? found.rest ?? { kind: "any" };
  let units = 0;
  const values = args.map(({ range, read }, at) =>
    findings.attempt(() => {
      const value = read();
      units += sizeOf(value);
      return convertArgument(call, { at, range, value }, wanted(at));
    }),
  );
  findings.settle();
  spendUnits(scope.budget, call.range, units);
  return values
    .filter((value) => value !== undefined)
    .map((value, at) => {
      if (value.type !== "null" || wanted(at).kind === "nullable") return value;
      throw badArgument(call, { at, range: args[at]?.range }, "must not be null");
    });
}

function convertArgument(
  call: Call,
  given: { readonly at: number; readonly range: Range; readonly value: Value },
  wanted: ParameterSpec,
): Value {
  const { value } = given;
  if (wanted.kind === "nullable") return value;
  const converted = convertValue(value, wanted);
  if (converted !== undefined) return converted;
  throw badArgument(call, given, `a ${wanted.kind} is required, not this ${typeName(value)}`);
}

function badArgument(
  call: Call,
  { at, range }: { readonly at: number; readonly range: Range | undefined },
  message: string,
): Fault {
  return new Fault(
    range ?? call.range,
    "Invalid function argument",
    `Invalid value for argument ${at + 1} of ${call.name}: ${message}.`,
  );
}

/** These three look at their arguments before these have a value. */
function callLazily(call: Call, scope: Scope, evaluate: Evaluate): Value {
  const [first, second] = call.args;
  if (call.name === "try") return firstThatWorks(call, scope, evaluate);
  if (first === undefined || (call.name === "convert" && second === undefined))
    throw new Fault(
      call.closeRange,
      "Not enough function arguments",
      `Function "${call.name}" expects ${call.name === "can" ? 1 : 2} argument(s).`,
    );
  const extra = call.args[call.name === "can" ? 1 : 2];
  if (extra !== undefined)
    throw new Fault(
      startRange(extra),
      "Too many function arguments",
      `Function "${call.name}" expects only ${call.name === "can" ? 1 : 2} argument(s).`,
    );
  if (call.name === "can") return boolValue(succeeds(first, scope, evaluate) !== undefined);
  const findings = new Findings(scope);
  const value = findings.attempt(() => evaluate(first, scope));
  const type = second === undefined ? undefined : findings.attempt(() => readType(second));
  findings.settle();
  if (value === undefined || type === undefined)
    throw new Error("assertion failed: what has no fault has a value");
  spendSize(scope.budget, call.range, value, 2);
  const converted = convertValue(value, type);
  if (converted !== undefined) return converted;
  throw badArgument(
    call,
    { at: 0, range: startRange(first) },
    `this ${typeName(value)} cannot be converted to that type`,
  );
}

function firstThatWorks(call: Call, scope: Scope, evaluate: Evaluate): Value {
  for (const arg of call.args) {
    const value = succeeds(arg, scope, evaluate);
    if (value !== undefined) return value;
  }
  throw new Fault(
    call.range,
    "Error in function call",
    "try: none of the expressions has a value.",
  );
}

/** A fault that is dropped again was made all the same. */
const stepsOfFailure = 20;

function succeeds(expression: Expression, scope: Scope, evaluate: Evaluate): Value | undefined {
  try {
    return evaluate(expression, { ...scope, stopsAtFirst: true });
  } catch (thrown) {
    // What is too much stays too much, whatever could be done instead.
    if (!(thrown instanceof Fault) || thrown === scope.budget.spent) throw thrown;
    spendSteps(scope.budget, expression.range, stepsOfFailure);
    return undefined;
  }
}
