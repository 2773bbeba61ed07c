import type { Body } from "../hcl/ast-types.ts";
import { readJsonText } from "../hcl/json-text.ts";
import type { Faults, Source } from "../hcl/source.ts";
import { jobSpec } from "./job-schema.ts";
import { argumentsFromJson, bodyFromJson } from "./json-body.ts";
import type { BlockSpec } from "./spec-types.ts";

/** What stands at the top of a job file. The plain form needs no table for it. */
const topSpec: BlockSpec = {
  arguments: {},
  blocks: {
    job: { kind: "list", key: "", spec: jobSpec },
    locals: { kind: "open", key: "", type: "string" },
    variables: { kind: "list", key: "", spec: { arguments: {}, inJson: "verbatim" } },
    variable: {
      kind: "list",
      key: "",
      spec: {
        labels: ["-"],
        arguments: {},
        blocks: { validation: { kind: "open", key: "", type: "string" } },
        inJson: { type: "expression", default: "verbatim", description: "verbatim" },
      },
    },
  },
};

/** A text that begins with a brace is in the JSON form: nothing else can. */
export const isJson = (source: Source): boolean => /^\s*\{/.test(source.text);

export function readJsonBody(source: Source, faults: Faults): Body | undefined {
  return read(source, faults, (node) => bodyFromJson(node, topSpec, faults));
}

/** Values of variables: texts are taken as they are. */
export function readJsonArguments(source: Source, faults: Faults): Body | undefined {
  return read(source, faults, (node) => argumentsFromJson(node, "verbatim", faults));
}

function read(
  source: Source,
  faults: Faults,
  convert: (node: ReturnType<typeof readJsonText>) => Body,
): Body | undefined {
  const node = faults.attempt(() => readJsonText(source));
  return node === undefined ? undefined : convert(node);
}
