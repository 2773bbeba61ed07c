import type { Attribute, Block, Expression } from "../hcl/ast-types.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { startRange } from "../hcl/operators.ts";
import { referencesOf } from "../hcl/references.ts";
import type { Scope } from "../hcl/scope-types.ts";
import { Fault } from "../hcl/source.ts";
import { refuseMissing } from "./missing.ts";
import type { Faults } from "../hcl/source.ts";
import { convertValue } from "../hcl/value.ts";

/** One rule of a variable: what must hold, and what is said when it does not. */
export interface Rule {
  readonly condition: Expression;
  readonly message: string;
}

const known = ["condition", "error_message"] as const;

/** The rule of a `validation` block. What is wrong with the block itself is told whatever the variable's value is. */
export function readRule(
  block: Block,
  variable: string,
  scope: Scope,
  faults: Faults,
): Rule | undefined {
  const [label] = block.labels;
  if (label) faults.at(label.range, "Extraneous label for validation", "No labels are expected.");
  const written = new Map<string, Attribute>();
  for (const item of block.body.items) {
    if (item.kind === "block" || !known.some((name) => name === item.name))
      faults.at(
        item.nameRange,
        "Unsupported argument",
        "A validation block takes condition and error_message.",
      );
    else if (written.has(item.name))
      faults.at(item.nameRange, "Attribute redefined", `"${item.name}" is set twice.`);
    else written.set(item.name, item);
  }
  for (const name of known) if (!written.has(name)) refuseMissing(name, block, faults);
  const condition = written.get("condition")?.value;
  const sentence = written.get("error_message")?.value;
  const message =
    sentence === undefined ? undefined : faults.attempt(() => readMessage(sentence, scope));
  if (condition === undefined || !isAboutItself(condition, variable, faults)) return undefined;
  return message === undefined ? undefined : { condition, message };
}

/** A rule is about its own variable: it needs no other to be there, and none can depend on it. */
function isAboutItself(condition: Expression, variable: string, faults: Faults): boolean {
  const all = referencesOf(condition);
  const isOwn = ({ name, attribute }: (typeof all)[number]): boolean =>
    name === "var" && attribute === variable;
  for (const reference of all)
    if (!isOwn(reference))
      faults.at(
        reference.range,
        "Invalid reference in variable validation",
        `The condition can only refer to the variable itself, using var.${variable}.`,
      );
  const isTested = all.some(isOwn);
  if (!isTested)
    faults.at(
      condition.range,
      "Invalid variable validation condition",
      `The condition must refer to var.${variable} in order to test incoming values.`,
    );
  return isTested && all.every(isOwn);
}

function readMessage(expression: Expression, scope: Scope): string {
  const text = plainText(expression, scope);
  const first = text.match(/^\p{L}/u)?.[0];
  const isSentence = (first === undefined || /\p{Lu}/u.test(first)) && /[.?!]$/.test(text);
  if (isSentence) return text;
  const detail =
    "The message must be at least one full sentence: it begins with an uppercase letter and ends with a period, a question mark or an exclamation mark.";
  throw new Fault(expression.range, "Invalid validation error message", detail);
}

/** Text that may not refer to anything. */
export function plainText(expression: Expression, scope: Scope): string {
  const text = convertValue(evaluate(expression, scope), { kind: "string" });
  if (text?.type === "string") return text.text;
  throw new Fault(startRange(expression), "Unsuitable value type", "A text is required here.");
}
