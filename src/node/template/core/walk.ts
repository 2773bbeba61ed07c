import { assertNever } from "../../../lib/errors.ts";
import { evaluatePipe, placed } from "./evaluate.ts";
import type { Evaluation, Frame } from "./evaluate.ts";
import { PlacedFault } from "./faults.ts";
import { printValue } from "./print.ts";
import type { InvokeStatement, RangeStatement, Statement } from "./syntax-types.ts";
import { Dictionary, isList, isTrue, sortedKeys, typeName } from "./value.ts";
import type { Value } from "./value.ts";

export interface Walking extends Evaluation {
  readonly definitions: ReadonlyMap<string, readonly Statement[]>;
  readonly out: string[];
}

/** Why a list of statements was left. */
type Leaving = "ended" | "break" | "continue";
/** Stops now and then, so that whoever drives it may let others have their turn. */
type Steps<T> = Generator<undefined, T, undefined>;

/** Runs a whole template on a value. */
export function* walkTemplate(
  statements: readonly Statement[],
  dot: Value,
  walking: Walking,
): Steps<void> {
  yield* walkList(statements, { dot, variables: [dot] }, walking);
}

function* walkList(
  statements: readonly Statement[],
  frame: Frame,
  walking: Walking,
): Steps<Leaving> {
  const { budget } = walking;
  for (const statement of statements) {
    if (budget.isSliceOver()) yield undefined;
    budgeted(statement.at, () => budget.spend(1));
    const leaving = yield* walkOne(statement, frame, walking);
    if (leaving !== "ended") return leaving;
  }
  return "ended";
}

function* walkOne(statement: Statement, frame: Frame, walking: Walking): Steps<Leaving> {
  switch (statement.kind) {
    case "text":
      write(statement.text, statement.at, walking);
      return "ended";
    case "action": {
      const value = budgeted(statement.at, () => evaluatePipe(statement.pipe, frame, walking));
      if (statement.pipe.slots.length === 0) {
        const text = budgeted(statement.at, () => printValue(value, walking.budget));
        walking.out.push(text);
      }
      return "ended";
    }
    case "if":
    case "with": {
      const value = budgeted(statement.at, () => evaluatePipe(statement.pipe, frame, walking));
      const isChosen = isTrue(value);
      const inner = isChosen && statement.kind === "with" ? { ...frame, dot: value } : frame;
      return yield* nested(statement.at, isChosen ? statement.body : statement.otherwise, {
        frame: inner,
        walking,
      });
    }
    case "range":
      return yield* walkRange(statement, frame, walking);
    case "template":
      yield* invoke(statement, frame, walking);
      return "ended";
    case "break":
    case "continue":
      return statement.kind;
    default:
      return assertNever(statement);
  }
}

function* nested(
  at: number,
  statements: readonly Statement[],
  { frame, walking }: { readonly frame: Frame; readonly walking: Walking },
): Steps<Leaving> {
  budgeted(at, () => walking.budget.enter());
  const leaving = yield* walkList(statements, frame, walking);
  walking.budget.leave();
  return leaving;
}

function* walkRange(statement: RangeStatement, frame: Frame, walking: Walking): Steps<Leaving> {
  const { at, pipe } = statement;
  const value = budgeted(at, () => evaluatePipe(pipe, frame, walking));
  // Keys are sorted anew for each loop.
  if (value instanceof Dictionary) budgeted(at, () => walking.budget.spend(value.entries.size * 4));
  let isEmpty = true;
  for (const [key, element] of elementsOf(value, at, pipe.slots.length)) {
    isEmpty = false;
    budgeted(at, () => walking.budget.spend(1));
    // With one variable it is the element, with two the first is the place.
    const [first, second] = pipe.slots;
    if (first !== undefined) frame.variables[first] = second === undefined ? element : key;
    if (second !== undefined) frame.variables[second] = element;
    const inner = { ...frame, dot: element };
    if ((yield* nested(at, statement.body, { frame: inner, walking })) === "break") break;
  }
  return isEmpty ? yield* nested(at, statement.otherwise, { frame, walking }) : "ended";
}

function* elementsOf(value: Value, at: number, variables: number): Generator<[Value, Value]> {
  if (value === undefined) return;
  if (isList(value))
    for (let place = 0; place < value.length; place++) yield [BigInt(place), value[place]];
  else if (value instanceof Dictionary)
    for (const key of sortedKeys(value)) yield [key, value.entries.get(key)];
  else if (typeof value === "bigint") {
    if (variables > 1)
      throw new PlacedFault(`can't use ${value} to iterate over more than one variable`, at);
    for (let count = 0n; count < value; count++) yield [undefined, count];
  } else throw new PlacedFault(`range can't iterate over a value of type ${typeName(value)}`, at);
}

function* invoke(statement: InvokeStatement, frame: Frame, walking: Walking): Steps<void> {
  const { at, name, pipe } = statement;
  const body = walking.definitions.get(name);
  if (body === undefined) throw new PlacedFault(`template ${JSON.stringify(name)} not defined`, at);
  const dot =
    pipe === undefined ? undefined : budgeted(at, () => evaluatePipe(pipe, frame, walking));
  yield* nested(at, body, { frame: { dot, variables: [dot] }, walking });
}

function write(text: string, at: number, { out, budget }: Walking): void {
  budgeted(at, () => budget.produce(text.length));
  out.push(text);
}

/** Limits that are reached get the place of the statement that reached them. */
const budgeted = <T>(at: number, run: () => T): T => placed(at, "", run);
