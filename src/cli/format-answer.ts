import { CommandFailure, messageOf } from "./command.ts";
import { flag } from "../lib/flags.ts";
import { renderTemplate } from "./core/go-template.ts";
import { sortedJson } from "./core/json-text.ts";

export const formatFlags = {
  json: flag.bool("Print the answer as JSON."),
  t: flag.text("Print the answer through a template."),
};

/** The answer as JSON or through a template; undefined when neither was asked for. */
export function formatAnswer(
  value: unknown,
  how: { readonly json: boolean; readonly template: string; readonly type?: string },
): string | undefined {
  refuseBoth(how);
  if (how.json) return sortedJson(value);
  if (how.template === "") return undefined;
  try {
    return renderTemplate(how.template, value, how.type);
  } catch (thrown) {
    throw new CommandFailure(`Error formatting the data: ${messageOf(thrown)}`, undefined, thrown);
  }
}

/** Said before anything is asked of the agent. */
export function refuseBoth(how: { readonly json: boolean; readonly template: string }): void {
  if (how.json && how.template !== "")
    throw new CommandFailure("Both json and template formatting are not allowed");
}
