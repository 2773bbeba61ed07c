import { linearPattern } from "../../lib/system/regexp.ts";
import { badRequest } from "../errors.ts";
import { evaluate, FilterMismatch } from "./core/evaluate.ts";
import { parseFilter } from "./core/parse.ts";
import { FilterError } from "./core/tokens.ts";

/** A filter expression of the query, ready to ask of rows. Patterns of users are linear in time. */
export function compileFilter(source: string): (row: object) => boolean {
  const expression = parse(source);
  return (row) => {
    try {
      return evaluate(expression, row);
    } catch (thrown) {
      if (!(thrown instanceof FilterMismatch)) throw thrown;
      throw badRequest(`failed to read result page: ${thrown.message}`);
    }
  };
}

function parse(source: string) {
  try {
    return parseFilter(source, (pattern) => {
      const compiled = linearPattern(pattern);
      return (text) => compiled.find(text);
    });
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown;
    throw badRequest(
      `failed to create result paginator: failed to read filter expression: ${thrown.message}`,
    );
  }
}
