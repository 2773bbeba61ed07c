import { defineCommand, oneWord, orFail } from "../command.ts";
import { flag } from "../../lib/flags.ts";
import { formatList } from "../core/table.ts";
import { sortedEntries } from "../core/values.ts";
import { inNamespace } from "../job-file.ts";
import { jobPath, resolveJob } from "../resolve-job.ts";
import { msOfNs } from "../time-format.ts";

interface ScaleStatus {
  readonly TaskGroups?: {
    readonly [group: string]: { readonly Events?: readonly ScalingEvent[] | null };
  } | null;
}
interface ScalingEvent {
  readonly Time: number;
  readonly Count?: number | null;
  readonly PreviousCount: number;
  readonly Message: string;
  readonly Error: boolean;
  readonly EvalID?: string | null;
}

export const jobScalingEvents = defineCommand({
  usage: "[options] <job>",
  description: "Lists how the groups of a job were scaled, the newest first.",
  flags: { verbose: flag.bool("Show message, error and evaluation too.") },
  run: async (context, { flags, words }) => {
    const found = await resolveJob(context, oneWord(words, "job"));
    const here = inNamespace(context, found.namespace);
    const { value } = await orFail(
      "Error listing scaling events",
      here.client.get<ScaleStatus>(`${jobPath(found.id)}/scale`),
    );
    const events = sortedEntries(value.TaskGroups)
      .flatMap(([group, status]) => (status.Events ?? []).map((event) => ({ group, ...event })))
      .sort((a, b) => b.Time - a.Time);
    const extra = flags.verbose ? ["Error", "Message", "Eval ID"] : [];
    const rows = events.map((event) => [
      event.group,
      String(event.Count ?? "<nil>"),
      String(event.PreviousCount),
      ...(flags.verbose ? [String(event.Error), event.Message, event.EvalID ?? ""] : []),
      here.time.absolute(msOfNs(event.Time)),
    ]);
    here.ui.output(
      rows.length === 0
        ? "No events found"
        : formatList([["Task Group", "Count", "PrevCount", ...extra, "Date"], ...rows]),
    );
    return 0;
  },
});
