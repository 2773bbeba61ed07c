import { asksForHelp, flag, type FlagTable, parseFlags } from "../lib/flags.ts";
import type { FlagValue, FlagValues } from "./core/agent-flags.ts";
import { type AgentProcess, runAgent, type SignalName } from "./run-agent.ts";

export interface AgentTerminal {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
  readonly onSignal: (listener: (name: SignalName) => void) => void;
  readonly killSelf: () => void;
}

const version = "2.0.5";

/** Every published flag of `nomad agent`; which key each sets stands in `core/agent-flags.ts`. */
const table: FlagTable = {
  config: flag.list("A configuration file or folder. May be given several times."),
  dev: flag.bool(
    "Run server and client in one process with state that is forgotten at the next start.",
  ),
  bind: flag.text("The address to listen on."),
  region: flag.text("The region of this agent."),
  dc: flag.text("The datacenter of this agent."),
  node: flag.text("The name of this agent; its host name unless told."),
  "data-dir": flag.text("Where all state lives."),
  "plugin-dir": flag.text("Where external plugins lie."),
  "log-level": flag.text("TRACE, DEBUG, INFO, WARN, ERROR or OFF."),
  "log-json": flag.bool("Write log lines as JSON."),
  "log-include-location": flag.bool("Name the place in the source in each log line."),
  server: flag.bool("Run a server."),
  "bootstrap-expect": flag.text("How many servers to wait for before the first leader is elected."),
  encrypt: flag.text("The key for gossip."),
  "raft-protocol": flag.text("Only 3."),
  rejoin: flag.bool("Join again after having left."),
  join: flag.list("A server to join at start."),
  "retry-join": flag.list("A server to join, tried until it answers."),
  "retry-max": flag.text("How often to try to join; 0: for ever."),
  "retry-interval": flag.text("The time between two tries."),
  client: flag.bool("Run a client."),
  "state-dir": flag.text("Where the client's state lives."),
  "alloc-dir": flag.text("Where the allocations' folders lie."),
  "alloc-mounts-dir": flag.text("Where the allocations' mounts lie."),
  "host-volumes-dir": flag.text("Where host volumes are made."),
  "host-volume-plugin-dir": flag.text("Where plugins for host volumes lie."),
  "node-class": flag.text("The class of this node."),
  "node-pool": flag.text("The pool of this node."),
  servers: flag.text("Servers to talk to, divided by commas."),
  meta: flag.list("A key=value pair of the node's metadata. May be given several times."),
  "network-interface": flag.text("The interface whose addresses tasks get."),
  "preferred-address-family": flag.text("ipv4 or ipv6."),
  "network-speed": flag.text("The speed of the network in MBit/s."),
  "acl-enabled": flag.bool("Switch access control on."),
  "acl-replication-token": flag.text("The token to replicate access control with."),
  "jobs-dir": flag.text("The folder of job files to watch."),
};

/** `nomad agent`. Resolves with the exit code. */
export async function agentCommand(
  words: readonly string[],
  terminal: AgentTerminal,
): Promise<number> {
  if (asksForHelp(words)) {
    terminal.out(helpText());
    return 0;
  }
  const parsed = parseFlags(table, words);
  if (parsed.kind !== "parsed") {
    if (parsed.kind === "error") terminal.error(parsed.message);
    terminal.out(helpText());
    return parsed.kind === "help" ? 0 : 1;
  }
  if (parsed.words.length > 0) {
    terminal.error("This command takes no arguments");
    terminal.error("For additional help try 'nomad agent -help'");
    return 1;
  }
  const flags: FlagValues = Object.fromEntries(
    [...parsed.given].map((name) => [name, textual(parsed.values[name])]),
  );
  const { interrupted, forced, started } = listenEarly(terminal);
  const run = async (): Promise<number> => {
    const agent = await runAgent({
      flags,
      streams: { out: terminal.out, error: terminal.error },
      version,
      interrupted,
      killSelf: terminal.killSelf,
    });
    if (agent === undefined) return 1;
    started(agent);
    return agent.finished;
  };
  return Promise.race([run(), forced]);
}

/** Signals are heard from the first moment on: one that meets a start stops it, a second one ends it at once. */
function listenEarly(terminal: AgentTerminal): {
  readonly interrupted: AbortSignal;
  readonly forced: Promise<number>;
  readonly started: (agent: AgentProcess) => void;
} {
  const interrupt = new AbortController();
  let running: AgentProcess | undefined;
  let force: (code: number) => void = () => undefined;
  const forced = new Promise<number>((resolve) => {
    force = resolve;
  });
  terminal.onSignal((name) => {
    if (running) {
      running.onSignal(name);
      return;
    }
    // The configuration was read a moment ago: there is nothing to read again.
    if (name === "SIGHUP") return;
    if (interrupt.signal.aborted) force(1);
    interrupt.abort(new Error(`caught ${name}`));
  });
  return {
    interrupted: interrupt.signal,
    forced,
    started(agent) {
      running = agent;
    },
  };
}

const textual = (value: FlagValue | number | undefined): FlagValue =>
  typeof value === "number" ? String(value) : (value ?? "");

function helpText(): string {
  const rows = Object.entries(table).map(([name, spec]) => `  -${name}\n    ${spec.help}`);
  return [
    "Usage: nomad agent [options]",
    "",
    "  Runs an agent until it is told to stop.",
    "",
    "Options:",
    "",
    rows.join("\n\n"),
  ].join("\n");
}
