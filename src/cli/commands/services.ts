import { flag } from "../../lib/flags.ts";
import type { ServiceInstance, ServicesOfNamespace } from "../../sdk/wire.ts";
import { CommandFailure, defineCommand, noWords, oneWord, orFail } from "../command.ts";
import type { CommandContext } from "../command.ts";
import { formatKeyValues, formatList } from "../core/table.ts";
import { byText, shortId } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { pageFlags, pageNotice, pageQuery } from "../pages.ts";

export const serviceList = defineCommand({
  usage: "[options]",
  description: "Lists the services of the catalogue.",
  flags: { ...formatFlags, name: flag.text("Understood, and without effect.") },
  run: async (context, { flags, words }) => {
    noWords(words);
    refuseBoth({ json: flags.json, template: flags.t });
    const services = await servicesOf(context);
    const formatted = formatAnswer(services, { json: flags.json, template: flags.t });
    const isAll = context.client.options.namespace === "*";
    context.ui.output(
      formatted ??
        (services.length === 0 ? "No service registrations found" : serviceTable(services, isAll)),
    );
    return 0;
  },
});

export const serviceInfo = defineCommand({
  usage: "[options] <service>",
  description: "Shows the instances of a service.",
  flags: { ...formatFlags, ...pageFlags, verbose: flag.bool("Print whole ids, and all there is.") },
  run: async (context, { flags, words }) => {
    const word = oneWord(words, "service_name");
    refuseBoth({ json: flags.json, template: flags.t });
    const { namespace, name } = await lookupService(context, word);
    const answer = await orFail(
      "Error listing service registrations",
      context.client.get<readonly ServiceInstance[] | null>(
        `/v1/service/${encodeURIComponent(name)}`,
        { namespace, ...pageQuery(flags) },
      ),
    );
    const instances = answer.value ?? [];
    const formatted = formatAnswer(instances, { json: flags.json, template: flags.t });
    if (formatted !== undefined) {
      context.ui.output(formatted);
      return 0;
    }
    if (instances.length === 0) throw new CommandFailure("No service registrations found");
    const byJob = instances.toSorted((a, b) => byText(a.JobID, b.JobID));
    context.ui.output(flags.verbose ? wholeText(byJob) : instanceTable(byJob));
    pageNotice(context, answer.nextToken, `service info ${name}`);
    return 0;
  },
});

export const serviceDelete = defineCommand({
  usage: "[options] <service> <id>",
  description: "Takes an instance out of the catalogue. A node that still runs it puts it back.",
  flags: {},
  run: async ({ client, ui }, { words }) => {
    const [name, id, ...rest] = words;
    if (name === undefined || id === undefined || rest.length > 0)
      throw new CommandFailure("This command takes two arguments: <service_name> and <service_id>");
    await orFail(
      "Error deleting service registration",
      client.delete(`/v1/service/${encodeURIComponent(name)}/${encodeURIComponent(id)}`),
    );
    ui.output("Successfully deleted service registration");
    return 0;
  },
});

async function servicesOf({ client }: CommandContext): Promise<readonly ServicesOfNamespace[]> {
  const { value } = await orFail(
    "Error listing service registrations",
    client.get<readonly ServicesOfNamespace[] | null>("/v1/services"),
  );
  return value ?? [];
}

/** The published look-up asks for all names: the only one there is answers to every word. */
async function lookupService(
  context: CommandContext,
  word: string,
): Promise<{ readonly namespace: string; readonly name: string }> {
  const found = (await servicesOf(context)).flatMap(({ Namespace, Services }) =>
    Services.map(({ ServiceName }) => ({ namespace: Namespace, name: ServiceName })),
  );
  const [first, second] = found;
  const exact = found.find(({ name }) => name === word);
  if (exact) return exact;
  if (!first)
    throw new CommandFailure(`No service registrations with prefix ${JSON.stringify(word)} found`);
  if (second)
    throw new CommandFailure(
      `Prefix matched multiple services\n\n${serviceTable(await servicesOf(context), true)}`,
    );
  return first;
}

const tagText = (tags: readonly string[] | null): string => `[${(tags ?? []).join(",")}]`;

const serviceTable = (services: readonly ServicesOfNamespace[], isAll: boolean): string =>
  formatList([
    ["Service Name", ...(isAll ? ["Namespace"] : []), "Tags"],
    ...services.flatMap(({ Namespace, Services }) =>
      Services.toSorted((a, b) => byText(a.ServiceName, b.ServiceName)).map(
        ({ ServiceName, Tags }) => [
          ServiceName,
          ...(isAll ? [Namespace] : []),
          tagText([...(Tags ?? [])].toSorted(byText)),
        ],
      ),
    ),
  ]);

/** A service without a port has an address alone. */
const addressText = ({ Address, Port }: ServiceInstance): string =>
  Port === 0 ? Address : Address.includes(":") ? `[${Address}]:${Port}` : `${Address}:${Port}`;

const instanceTable = (instances: readonly ServiceInstance[]): string =>
  formatList([
    ["Job ID", "Address", "Tags", "Node ID", "Alloc ID"],
    ...instances.map((one) => [
      one.JobID,
      addressText(one),
      tagText(one.Tags),
      shortId(one.NodeID, false),
      shortId(one.AllocID, false),
    ]),
  ]);

const wholeText = (instances: readonly ServiceInstance[]): string =>
  instances
    .map((one) =>
      formatKeyValues([
        ["ID", one.ID],
        ["Service Name", one.ServiceName],
        ["Namespace", one.Namespace],
        ["Job ID", one.JobID],
        ["Alloc ID", one.AllocID],
        ["Node ID", one.NodeID],
        ["Datacenter", one.Datacenter],
        ["Address", addressText(one)],
        ["Tags", tagText(one.Tags)],
      ]),
    )
    .join("\n\n");
