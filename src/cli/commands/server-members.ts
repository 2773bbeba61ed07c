import type { AgentMember, MembersAnswer } from "../../sdk/wire.ts";
import { defineCommand, messageOf, noWords, orFail, type CommandContext } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatList } from "../core/table.ts";
import { byText, sortedEntries } from "../core/values.ts";
import { formatAnswer, formatFlags, refuseBoth } from "../format-answer.ts";
import { showHint } from "../hints.ts";

export const serverMembers = defineCommand({
  usage: "[options]",
  description: "Lists the servers that know each other, and which one leads.",
  flags: {
    ...formatFlags,
    verbose: flag.bool("Show protocol and tags too."),
    detailed: flag.bool("The same as -verbose."),
    ui: flag.bool("Also open the web UI."),
  },
  run: async (context, { flags, words }) => {
    noWords(words);
    refuseBoth({ json: flags.json, template: flags.t });
    const { value } = await orFail(
      "Error querying servers",
      context.client.get<MembersAnswer>("/v1/agent/members"),
    );
    const members = [...(value.Members ?? [])].sort(
      (a, b) => byText(tag(a, "region"), tag(b, "region")) || byText(a.Name, b.Name),
    );
    const { leaders, failure } = await regionLeaders(context, members);
    const isLeader = (member: AgentMember): boolean =>
      leaders.get(tag(member, "region")) === rpcAddress(member);
    const formatted = formatAnswer(
      members.map((member) => ({
        ...member,
        Tags: { ...member.Tags, Leader: String(isLeader(member)) },
      })),
      { json: flags.json, template: flags.t },
    );
    if (formatted !== undefined) {
      context.ui.output(formatted);
      return 0;
    }
    context.ui.output(memberTable(members, isLeader, flags.verbose || flags.detailed));
    if (failure !== "") {
      context.ui.output("");
      context.ui.warn(`Error determining leaders: ${failure}`);
      return 1;
    }
    await showHint(context, "View and manage Nomad servers", "/servers", flags.ui);
    return 0;
  },
});

const tag = (member: AgentMember, name: string): string => member.Tags?.[name] ?? "";

function rpcAddress(member: AgentMember): string {
  const host = tag(member, "rpc_addr") || member.Addr;
  return `${host.includes(":") ? `[${host}]` : host}:${tag(member, "port")}`;
}

async function regionLeaders(
  context: CommandContext,
  members: readonly AgentMember[],
): Promise<{ readonly leaders: ReadonlyMap<string, string>; readonly failure: string }> {
  const leaders = new Map<string, string>();
  let failure = "";
  for (const region of new Set(members.map((member) => tag(member, "region")))) {
    try {
      const { value } = await context.client.get<string>("/v1/status/leader", { region });
      leaders.set(region, value);
    } catch (thrown) {
      failure = `Region ${JSON.stringify(region)}: ${messageOf(thrown)}`;
    }
  }
  return { leaders, failure };
}

function memberTable(
  members: readonly AgentMember[],
  isLeader: (member: AgentMember) => boolean,
  detailed: boolean,
): string {
  const tags = (member: AgentMember): string =>
    sortedEntries(member.Tags)
      .map(([name, value]) => `${name}=${value}`)
      .join(",");
  return formatList(
    [
      [
        "Name",
        "Address",
        "Port",
        "Status",
        "Leader",
        ...(detailed ? ["Protocol"] : []),
        "Raft Version",
        "Build",
        "Datacenter",
        "Region",
        ...(detailed ? ["Tags"] : []),
      ],
      ...members.map((member) => [
        member.Name,
        member.Addr,
        String(member.Port),
        member.Status,
        String(isLeader(member)),
        ...(detailed ? [String(member.ProtocolCur)] : []),
        tag(member, "raft_vsn"),
        tag(member, "build"),
        tag(member, "dc"),
        tag(member, "region"),
        ...(detailed ? [tags(member)] : []),
      ]),
    ],
    "",
  );
}
