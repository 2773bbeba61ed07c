import type { JsonObject } from "../../../lib/json.ts";
import type { Block, Body } from "../hcl/ast-types.ts";
import { readBody } from "../hcl/body.ts";
import { fullBudget } from "../hcl/limits.ts";
import type { FunctionTable, Scope } from "../hcl/scope-types.ts";
import { createSource, Faults } from "../hcl/source.ts";
import { decodeBlock } from "./block.ts";
import { explainUnknown } from "./explain-unknown.ts";
import { isJson, readJsonArguments, readJsonBody } from "./json-job.ts";
import { jobSpec } from "./job-schema.ts";
import { resolveLocals } from "./locals.ts";
import type { Places } from "./places.ts";
import type { BlockSpec, Enclosing } from "./spec-types.ts";
import { resolveVariables } from "./variables.ts";
import type { GivenValue } from "./variables.ts";

export interface JobText {
  readonly file: string;
  readonly text: string;
  readonly variableFiles: readonly { readonly name: string; readonly text: string }[];
  readonly variableFlags: { readonly [name: string]: string };
  readonly environment: { readonly [name: string]: string };
  readonly strictVariables: boolean;
  readonly functions: FunctionTable;
}

/** Text -> the wire's job. Undefined when anything is wrong; all of it is then in `faults`. */
export function decodeJobText(
  input: JobText,
  faults: Faults,
  places?: Places,
): JsonObject | undefined {
  const source = createSource(input.file, input.text);
  const body = isJson(source) ? readJsonBody(source, faults) : readBody(source, faults);
  if (body === undefined) return undefined;
  const jobs = checkTop(body, faults);
  const given = collectValues(input, body, faults);
  const budget = fullBudget();
  const variables = resolveVariables(body, given, { functions: input.functions, budget }, faults);
  const scopeOf = (locals: typeof variables): Scope => ({
    functions: input.functions,
    names: new Map(),
    namespaces: new Map([
      ["var", variables],
      ["local", locals],
    ]),
    keepsUnknown: true,
    budget,
  });
  const scope = resolveLocals(body, scopeOf, faults);
  const [job] = jobs;
  if (job === undefined) return undefined;
  const piece = { kind: "block", block: job, labels: job.labels, scope } as const;
  const decoded = decodeBlock(piece, jobSpec, {
    scope,
    faults,
    path: topPath,
    ...(places && { places }),
  });
  return faults.list.length === 0 ? decoded : undefined;
}

/** What stands at the top of a file, for telling where a name belongs. */
const topSpec: BlockSpec = {
  arguments: {},
  blocks: {
    job: { kind: "once", key: "job", spec: jobSpec },
    variable: { kind: "free", key: "variable" },
    variables: { kind: "free", key: "variables" },
    locals: { kind: "free", key: "locals" },
  },
};
const topPath: readonly Enclosing[] = [{ name: undefined, spec: topSpec }];

function checkTop(body: Body, faults: Faults): readonly Block[] {
  const jobs: Block[] = [];
  const context = { path: topPath, faults };
  for (const item of body.items) {
    if (item.kind === "attribute") {
      const detail = explainUnknown("argument", item.name, context);
      faults.at(item.nameRange, "Unsupported argument", detail);
    } else if (!Object.hasOwn(topSpec.blocks ?? {}, item.name)) {
      const detail = explainUnknown("block", item.name, context);
      faults.at(item.nameRange, "Unsupported block type", detail);
    } else if (item.name === "job") {
      if (jobs.length > 0)
        faults.at(item.nameRange, "Duplicate job block", "Only one job block is allowed.");
      jobs.push(item);
    }
  }
  if (jobs.length === 0 && faults.list.length === 0)
    faults.at(undefined, "Missing job block", "A job block is required.");
  return jobs;
}

/** The strongest value of every variable: the environment, then the files in order, then the flags. */
function collectValues(
  input: JobText,
  body: Body,
  faults: Faults,
): ReadonlyMap<string, GivenValue> {
  const declared = declaredNames(body);
  const given = new Map<string, GivenValue>();
  for (const [name, text] of Object.entries(input.environment))
    if (declared.has(name)) given.set(name, { kind: "text", text, origin: `NOMAD_VAR_${name}` });
  for (const file of input.variableFiles) readValues(file, input, declared, { given, faults });
  for (const [name, text] of Object.entries(input.variableFlags)) {
    if (declared.has(name)) given.set(name, { kind: "text", text, origin: `-var ${name}` });
    else if (input.strictVariables)
      faults.at(undefined, "Undefined -var variable", `No variable "${name}" is declared.`);
  }
  return given;
}

function declaredNames(body: Body): ReadonlySet<string> {
  const names = body.items.flatMap((item) => {
    if (item.kind !== "block") return [];
    if (item.name === "variable") return item.labels.slice(0, 1).map((label) => label.text);
    return item.name === "variables" ? item.body.items.map((inner) => inner.name) : [];
  });
  return new Set(names);
}

function readValues(
  file: { readonly name: string; readonly text: string },
  input: JobText,
  declared: ReadonlySet<string>,
  into: { readonly given: Map<string, GivenValue>; readonly faults: Faults },
): void {
  const source = createSource(file.name, file.text);
  const faults = new Faults();
  const body = isJson(source) ? readJsonArguments(source, faults) : readBody(source, faults);
  const undeclared = new Faults();
  const missing = new Set(declared);
  for (const item of body?.items ?? []) {
    if (item.kind === "block") {
      const detail = "Values are written NAME = VALUE; variables are declared in the job file.";
      faults.at(item.nameRange, "Unexpected block among values", detail);
    } else if (declared.has(item.name)) {
      into.given.set(item.name, { kind: "expression", expression: item.value });
      missing.delete(item.name);
    } else if (input.strictVariables) {
      const detail = `The job file declares no variable "${item.name}".`;
      undeclared.at(item.nameRange, "Undefined variable", detail);
    }
  }
  for (const told of [...faults.list, ...undeclared.list]) into.faults.add(told);
  const [told] = faults.list;
  if (told !== undefined)
    for (const name of missing) into.given.set(name, { kind: "unreadable", told });
}
