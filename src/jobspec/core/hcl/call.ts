import type { Expression } from "./ast-types.ts";
import { bounded, sizeOf, spendSize, spendSteps, spendUnits } from "./limits.ts";
import { startRange } from "./operators.ts";
import { CallFault } from "./scope-types.ts";
import type { LanguageFunction, ParameterSpec, Scope } from "./scope-types.ts";
import { Fault } from "./source.ts";
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
  const args = evaluateArguments(call, scope, evaluate);
  let units = 0;
  for (const arg of args) units += sizeOf(arg);
  spendUnits(scope.budget, call.range, units);
  checkCount(call, found, args.length);
  const converted = args.map((arg, at) =>
    convertArgument(call, at, arg, found.params[at] ?? found.rest ?? { kind: "any" }),
  );
  try {
    if (found.work !== undefined) spendUnits(scope.budget, call.range, found.work(converted));
    const result = bounded(found.call(converted), call.range);
    spendSize(scope.budget, call.range, result);
    return result;
  } catch (thrown) {
    if (!(thrown instanceof CallFault)) throw thrown;
    throw thrown.index === undefined
      ? new Fault(call.range, "Error in function call", `${call.name}: ${thrown.message}.`)
      : badArgument(call, thrown.index, thrown.message);
  }
}

function evaluateArguments(call: Call, scope: Scope, evaluate: Evaluate): readonly Value[] {
  const args = call.args.map((arg) => evaluate(arg, scope));
  if (!call.isExpanded) return args;
  const last = args.pop();
  const range = call.args.at(-1)?.range;
  if (last !== undefined && "items" in last) return [...args, ...last.items];
  throw new Fault(
    range,
    "Invalid expanding argument value",
    "Only a list, set or tuple can be expanded with ... into arguments.",
  );
}

function checkCount(call: Call, found: LanguageFunction, count: number): void {
  const wanted = found.params.length;
  if (count < wanted)
    throw new Fault(
      call.closeRange,
      "Not enough function arguments",
      `Function "${call.name}" expects ${found.rest ? "at least " : ""}${wanted} argument(s), got ${count}.`,
    );
  if (count <= wanted || found.rest) return;
  const extra = call.args[wanted];
  throw new Fault(
    extra === undefined ? call.range : startRange(extra),
    "Too many function arguments",
    `Function "${call.name}" expects only ${wanted} argument(s).`,
  );
}

function convertArgument(call: Call, at: number, value: Value, wanted: ParameterSpec): Value {
  if (wanted.kind === "nullable") return value;
  if (value.type === "null") throw badArgument(call, at, "must not be null");
  const converted = convertValue(value, wanted);
  if (converted !== undefined) return converted;
  throw badArgument(call, at, `a ${wanted.kind} is required, not this ${typeName(value)}`);
}

function badArgument(call: Call, at: number, message: string): Fault {
  const arg = call.args[Math.min(at, call.args.length - 1)];
  return new Fault(
    arg === undefined ? call.range : startRange(arg),
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
  const type = second === undefined ? undefined : readType(second);
  const value = evaluate(first, scope);
  spendSize(scope.budget, call.range, value, 2);
  const converted = type === undefined ? undefined : convertValue(value, type);
  if (converted !== undefined) return converted;
  throw badArgument(call, 0, `this ${typeName(value)} cannot be converted to that type`);
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
    return evaluate(expression, scope);
  } catch (thrown) {
    // What is too much stays too much, whatever could be done instead.
    if (!(thrown instanceof Fault) || thrown === scope.budget.spent) throw thrown;
    spendSteps(scope.budget, expression.range, stepsOfFailure);
    return undefined;
  }
}
