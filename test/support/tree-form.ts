import { assertNever } from "../../src/lib/errors.ts";
import type { Expression, Step, TemplatePart } from "../../src/jobspec/core/hcl/ast-types.ts";
import { toNumber } from "../../src/jobspec/core/hcl/big-float.ts";
import type { Key, Part, Tree, TreeStep } from "./expression-tree.ts";
import { layOut } from "./reference-template.ts";

/** The shape of a tree in brackets, without a trace of how it is spelled. */
export function treeForm(tree: Tree): string {
  switch (tree.kind) {
    case "number":
      return `#${Number(tree.text)}`;
    case "bool":
      return String(tree.is);
    case "null":
      return "null";
    case "name":
      return tree.name;
    case "type":
      return tree.text;
    case "template": {
      const parts = layOut(tree.shape, tree.parts);
      const [only] = parts;
      if (parts.length === 1 && only?.kind === "value") return treeForm(only.inner);
      return `"${partsForm(parts)}"`;
    }
    case "unary":
      return `(${tree.operator} ${treeForm(tree.inner)})`;
    case "binary":
      return `(${treeForm(tree.left)} ${tree.operator} ${treeForm(tree.right)})`;
    case "conditional":
      return `(${[tree.test, tree.yes, tree.no].map(treeForm).join(" ? ")})`;
    case "tuple":
      return `[${tree.items.map(treeForm).join(", ")}]`;
    case "object":
      return `{${tree.items.map(([key, value]) => `${keyForm(key)} = ${treeForm(value)}`).join(", ")}}`;
    case "for": {
      const { key, condition } = tree;
      const head = `for ${tree.keyName ?? "_"} ${tree.valueName} ${treeForm(tree.collection)}`;
      const made = `${key === undefined ? "" : treeForm(key)} => ${treeForm(tree.value)}`;
      return `<${head} : ${made} ${tree.isGrouped} ${condition === undefined ? "" : treeForm(condition)}>`;
    }
    case "step":
      return `${treeForm(tree.base)}${stepForm(tree.step)}`;
    case "call":
      return `${tree.name}(${tree.args.map(treeForm).join(", ")} ${tree.isExpanded})`;
    default:
      return assertNever(tree);
  }
}

const keyForm = (key: Key): string =>
  key.kind === "word" ? JSON.stringify(key.word) : `(${treeForm(key.tree)})`;

function stepForm(step: TreeStep): string {
  switch (step.kind) {
    case "attribute":
      return `.${step.name}`;
    case "index":
      return `[${treeForm(step.key)}]`;
    case "legacy":
      return `[#${step.index}]`;
    case "splat":
      return `[*${step.steps.map(stepForm).join("")}]`;
    default:
      return assertNever(step);
  }
}

const partsForm = (parts: readonly Part[]): string => parts.map(partForm).join("");

function partForm(part: Part): string {
  switch (part.kind) {
    case "text":
      return JSON.stringify(part.text.normalize("NFC")).slice(1, -1);
    case "value":
      return `$<${treeForm(part.inner)}>`;
    case "if":
      return `%<${treeForm(part.test)} | ${partsForm(part.yes)} | ${partsForm(part.no ?? [])}>`;
    case "for":
      return `%<${part.keyName ?? "_"} ${part.valueName} ${treeForm(part.collection)} | ${partsForm(part.body)}>`;
    default:
      return assertNever(part);
  }
}

/** The same for what the language read. */
export function expressionForm(expression: Expression): string {
  const form = expressionForm;
  switch (expression.kind) {
    case "literal":
      return literalForm(expression);
    case "name":
      return expression.name;
    case "wrap":
    case "parens":
      return form(expression.inner);
    case "template":
      return `"${expression.parts.map(readPartForm).join("")}"`;
    case "unary":
      return `(${expression.operator} ${form(expression.inner)})`;
    case "chain":
      return expression.rest.reduce(
        (left, { operator, right }) => `(${left} ${operator} ${form(right)})`,
        form(expression.first),
      );
    case "conditional":
      return `(${[expression.test, expression.yes, expression.no].map(form).join(" ? ")})`;
    case "tuple":
      return `[${expression.items.map(form).join(", ")}]`;
    case "object":
      return `{${expression.items.map(({ key, value }) => `${readKeyForm(key)} = ${form(value)}`).join(", ")}}`;
    case "for": {
      const { keyName, valueName, key, condition, isGrouped } = expression;
      const head = `for ${keyName ?? "_"} ${valueName} ${form(expression.collection)}`;
      const made = `${key === undefined ? "" : form(key)} => ${form(expression.value)}`;
      return `<${head} : ${made} ${isGrouped} ${condition === undefined ? "" : form(condition)}>`;
    }
    case "access":
      return `${form(expression.base)}${expression.steps.map(readStepForm).join("")}`;
    case "call": {
      const { name, args, isExpanded } = expression;
      const texts = args.map((arg, at) =>
        name === "convert" && at === 1
          ? arg.range.source.text.slice(arg.range.start, arg.range.end)
          : form(arg),
      );
      return `${name}(${texts.join(", ")} ${isExpanded})`;
    }
    default:
      return assertNever(expression);
  }
}

function literalForm({ value }: Extract<Expression, { kind: "literal" }>): string {
  if (value.type === "number") return `#${toNumber(value.number)}`;
  return value.type === "bool" ? String(value.is) : value.type;
}

/** A bare word is the same key as the word between quotes. */
function readKeyForm(key: Expression): string {
  const { source, start, end } = key.range;
  const spelled = source.text.slice(start, end);
  if (key.kind === "name") return JSON.stringify(spelled);
  if (key.kind === "literal" && key.value.type !== "number") return JSON.stringify(spelled);
  return spelled === '"for"' ? spelled : `(${expressionForm(key)})`;
}

function readStepForm(step: Step): string {
  if (step.kind === "attribute") return `.${step.name}`;
  if (step.kind === "index") return `[${expressionForm(step.key)}]`;
  return `[*${step.steps.map(readStepForm).join("")}]`;
}

function readPartForm(part: TemplatePart): string {
  const forms = (parts: readonly TemplatePart[]): string => parts.map(readPartForm).join("");
  switch (part.kind) {
    case "text":
      return JSON.stringify(part.text).slice(1, -1);
    case "value":
      return `$<${expressionForm(part.inner)}>`;
    case "if":
      return `%<${expressionForm(part.test)} | ${forms(part.yes)} | ${forms(part.no)}>`;
    case "for":
      return `%<${part.keyName ?? "_"} ${part.valueName} ${expressionForm(part.collection)} | ${forms(part.body)}>`;
    default:
      return assertNever(part);
  }
}
