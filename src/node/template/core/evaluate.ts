import { assertNever } from "../../../lib/errors.ts";
import type { Calling, FunctionTable } from "./call.ts";
import { Arguments } from "./call.ts";
import { CallFault, FinalFault, PlacedFault } from "./faults.ts";
import { fieldOf } from "./fields.ts";
import type { FieldRules } from "./fields.ts";
import type { Command, Operand, Pipe } from "./syntax-types.ts";
import { isTrue } from "./value.ts";
import type { Value } from "./value.ts";

/** One run of a template: what the dot is and what its variables hold. */
export interface Frame {
  readonly dot: Value;
  readonly variables: Value[];
}

export interface Evaluation extends Calling, FieldRules {
  readonly functions: FunctionTable;
}

/** The value of a pipeline; its variables take it. */
export function evaluatePipe(pipe: Pipe, frame: Frame, evaluation: Evaluation): Value {
  let piped: readonly Value[] = [];
  for (const command of pipe.commands)
    piped = [evaluateCommand(command, frame, { evaluation, piped })];
  const value = piped[0];
  for (const slot of pipe.slots) frame.variables[slot] = value;
  return value;
}

interface Stage {
  readonly evaluation: Evaluation;
  /** What the command before answered; empty in the first one. */
  readonly piped: readonly Value[];
}

function evaluateCommand(command: Command, frame: Frame, stage: Stage): Value {
  const [first, ...rest] = command.words;
  stage.evaluation.budget.spend(1);
  const evaluate = (operand: Operand): Value => evaluateOperand(operand, frame, stage.evaluation);
  switch (first.kind) {
    case "function":
      return isShortCircuit(first.name)
        ? shortCircuit(
            first.name,
            rest.map((word) => () => evaluate(word)),
            { at: first.at, stage },
          )
        : callFunction(first, [...rest.map(evaluate), ...stage.piped], stage.evaluation);
    case "field":
      return evaluateFields(frame.dot, first, { rest: given(rest, evaluate, stage), stage });
    case "variable":
      if (first.names.length === 0) return valueOnly(first, command, stage) ?? evaluate(first);
      return evaluateFields(frame.variables[first.slot], first, {
        rest: given(rest, evaluate, stage),
        stage,
      });
    case "chain":
      return evaluateFields(evaluate(first.base), first, {
        rest: given(rest, evaluate, stage),
        stage,
      });
    case "nil":
      throw new PlacedFault("nil is not a command", first.at);
    case "dot":
    case "literal":
    case "pipe":
      return valueOnly(first, command, stage) ?? evaluate(first);
    default:
      return assertNever(first);
  }
}

const given = (
  rest: readonly Operand[],
  evaluate: (operand: Operand) => Value,
  stage: Stage,
): readonly Value[] => [...rest.map(evaluate), ...stage.piped];

function valueOnly(first: Operand, command: Command, { piped }: Stage): undefined {
  if (command.words.length > 1 || piped.length > 0)
    throw new PlacedFault("can't give argument to non-function", first.at);
  return undefined;
}

function evaluateOperand(operand: Operand, frame: Frame, evaluation: Evaluation): Value {
  const stage = { evaluation, piped: [] };
  switch (operand.kind) {
    case "dot":
      return frame.dot;
    case "nil":
      return undefined;
    case "literal":
      return operand.value;
    case "field":
      return evaluateFields(frame.dot, operand, { rest: [], stage });
    case "variable":
      return evaluateFields(frame.variables[operand.slot], operand, { rest: [], stage });
    case "function":
      return isShortCircuit(operand.name)
        ? shortCircuit(operand.name, [], { at: operand.at, stage })
        : callFunction(operand, [], evaluation);
    case "pipe":
      return evaluatePipe(operand.pipe, frame, evaluation);
    case "chain":
      return evaluateFields(evaluateOperand(operand.base, frame, evaluation), operand, {
        rest: [],
        stage,
      });
    default:
      return assertNever(operand);
  }
}

/** `.a.b.c` from a value on; arguments go to the last name. */
function evaluateFields(
  start: Value,
  { at, names }: { readonly at: number; readonly names: readonly string[] },
  { rest, stage }: { readonly rest: readonly Value[]; readonly stage: Stage },
): Value {
  const { evaluation } = stage;
  evaluation.budget.spend(names.length);
  return placed(at, "", () => {
    let value = start;
    for (const [index, name] of names.entries()) {
      // Where there was no value to begin with there is none at the end; a null on the way is a fault.
      if (value === undefined && start !== undefined)
        throw new CallFault(`nil pointer evaluating interface {}.${name}`);
      value = fieldOf(value, name, index === names.length - 1 ? rest : [], evaluation);
    }
    return value;
  });
}

const isShortCircuit = (name: string): name is "and" | "or" => name === "and" || name === "or";

/** The first argument that decides, or the last one; those behind are not looked at. */
function shortCircuit(
  name: "and" | "or",
  words: readonly (() => Value)[],
  { at, stage }: { readonly at: number; readonly stage: Stage },
): Value {
  const all = [...words, ...stage.piped.map((value) => () => value)];
  if (all.length === 0)
    throw new PlacedFault(`wrong number of args for ${name}: want at least 1 got 0`, at);
  let value: Value;
  for (const word of all) {
    value = word();
    if (isTrue(value) === (name === "or")) return value;
  }
  return value;
}

function callFunction(
  { name, at }: { readonly name: string; readonly at: number },
  values: readonly Value[],
  evaluation: Evaluation,
): Value {
  const called = evaluation.functions[name];
  if (called === undefined)
    throw new PlacedFault(`function ${JSON.stringify(name)} not defined`, at);
  if (values.length < called.least || values.length > called.most)
    throw new PlacedFault(
      `wrong number of args for ${name}: want ${wanted(called)} got ${values.length}`,
      at,
    );
  evaluation.budget.spend(1);
  return placed(at, `error calling ${name}: `, () =>
    called.call(new Arguments(values), evaluation),
  );
}

function wanted({ least, most }: { readonly least: number; readonly most: number }): string {
  if (most === Infinity) return `at least ${least}`;
  return least === most ? String(least) : `${least} to ${most}`;
}

/** Gives a fault of what is called the place of the caller. */
export function placed<T>(at: number, prefix: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof FinalFault) throw new PlacedFault(thrown.message, at, true);
    if (thrown instanceof CallFault) throw new PlacedFault(prefix + thrown.message, at);
    throw thrown;
  }
}
