import { benchCommands } from "./commands.ts";
import { benchContainers } from "./containers.ts";
import { benchHostile } from "./hostile.ts";
import { benchLargeJobs } from "./large-jobs.ts";
import { benchLogs } from "./logs.ts";
import { benchNode } from "./node.ts";
import { benchParse } from "./parse.ts";
import { benchPlacements } from "./placements.ts";
import { benchReads } from "./reads.ts";
import { benchRegistrations } from "./registrations.ts";
import { benchRollout } from "./rollout.ts";
import { printTable } from "./support/report.ts";

/** `npm run bench` runs all; `npm run bench -- rollout commands` only those. */
const sections: { readonly [name: string]: () => Promise<void> } = {
  commands: () => benchCommands(15),
  containers: () => benchContainers(3),
  logs: benchLogs,
  node: benchNode,
  rollout: benchRollout,
  registrations: () => benchRegistrations(6000),
  parse: benchParse,
  hostile: () => benchHostile(8),
  placements: benchPlacements,
  reads: () => benchReads(4000),
  "large-jobs": () => benchLargeJobs(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in sections));
if (unknown.length > 0) {
  process.stderr.write(
    `no such bench: ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}\n`,
  );
  process.exit(1);
}
for (const [name, run] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  await run();
}
printTable();
