import type { TaskSpec } from "../port.ts";
import { refusal } from "./refusal.ts";
import type { Tools } from "./tools.ts";

/** Words that put what follows into the network of the task's group; none where it is the host's. */
export function joinNetwork(tools: Tools, { networkNamespace }: TaskSpec): readonly string[] {
  if (networkNamespace === undefined) return [];
  if (tools.nsenter === undefined)
    throw refusal("no way into the network of the group without nsenter on this node");
  return [tools.nsenter, `--net=${networkNamespace}`, "--"];
}
