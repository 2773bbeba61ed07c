import {
  CommandFailure,
  defineCommand,
  messageOf,
  oneWord,
  type CommandContext,
} from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { readAll } from "../job-file.ts";

export const operatorApi = defineCommand({
  usage: "[options] <path>",
  description:
    "Sends a request to the HTTP API and prints the answer as it comes. Text on the standard input becomes the body, and the method POST.",
  flags: {
    X: flag.text("The method. Default: GET, or POST with a body."),
    H: flag.list("A header, name: value."),
    filter: flag.text("Only what matches this expression."),
    dryrun: flag.bool("Print a curl command instead of sending."),
    verbose: flag.bool("Print request and answer lines on stderr."),
  },
  run: async (context, { flags, words }) => {
    const { path, query } = target(oneWord(words, "path"), flags.filter);
    const body = context.streams.stdin.isTTY === true ? "" : await readAll(context);
    const method = flags.X || (body === "" ? "GET" : "POST");
    const headers = { ...context.client.headers(), ...Object.fromEntries(flags.H.map(header)) };
    if (flags.dryrun) {
      context.ui.output(curl(context, { method, path, query, headers, body }));
      return 0;
    }
    if (flags.verbose) context.ui.rawError(`> ${method} ${context.client.url(path, query)}\n`);
    const answer = await context.client
      .raw({
        method,
        path,
        query,
        headers,
        ...(body === "" ? {} : { body: Buffer.from(body) }),
      })
      .catch((thrown: unknown) => {
        throw new CommandFailure(
          `Error performing request: ${messageOf(thrown)}`,
          undefined,
          thrown,
        );
      });
    if (flags.verbose)
      context.ui.rawError(
        `< ${answer.status}\n${Object.entries(answer.headers)
          .map(([name, value]) => `< ${name}: ${String(value)}\n`)
          .join("")}`,
      );
    context.ui.raw(answer.body);
    return 0;
  },
});

interface Target {
  readonly path: string;
  readonly query: { readonly [name: string]: string };
}

/** `/v1/jobs`, `v1/jobs`, `jobs` and whole addresses are all understood. */
function target(text: string, filter: string): Target {
  const local = text.replace(/^[a-z]+:\/\/[^/]*/, "").replace(/^\/*/, "");
  const [plain = "", search = ""] = local.split("?", 2);
  const path = `/${plain.startsWith("v1/") ? "" : "v1/"}${plain}`;
  const query = Object.fromEntries(new URLSearchParams(search));
  return { path, query: { ...query, ...(filter === "" ? {} : { filter }) } };
}

function header(text: string): [string, string] {
  const at = text.indexOf(":");
  if (at <= 0)
    throw new CommandFailure(`Invalid header: ${JSON.stringify(text)} is not name: value`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function curl(
  context: CommandContext,
  request: Target & {
    readonly method: string;
    readonly headers: { readonly [name: string]: string };
    readonly body: string;
  },
): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  return [
    "curl",
    `  -X ${request.method}`,
    ...Object.entries(request.headers).map(
      ([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`,
    ),
    ...(request.body === "" ? [] : [`  --data-binary ${quoted(request.body)}`]),
    `  ${quoted(context.client.url(request.path, request.query))}`,
  ].join(" \\\n");
}
