import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "../../lib/json.ts";
import { optionTexts } from "../core/option-table.ts";
import type { TaskSpec } from "../port.ts";
import { networkMode } from "./container-config.ts";
import type { Engine } from "./engine.ts";
import { inspectContainer } from "./inspect.ts";

/**
 * A task in its group's network shares the files that names are looked up in with the whole group. Where it asks for
 * names of its own, it gets its own files, since the engine refuses such options for a joined network.
 */
export async function nameFiles(
  engine: Engine,
  spec: TaskSpec,
  values: JsonObject,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (spec.network === undefined || networkMode(spec, values) !== `container:${spec.network}`)
    return [];
  const folder = join(spec.directories.task, "private");
  const extra = optionTexts(values, "extra_hosts");
  const resolver = resolverText(values);
  const binds: string[] = [];
  if (extra.length + resolver.length > 0) await mkdir(folder, { recursive: true });
  if (extra.length > 0) {
    const info = await inspectContainer(engine, spec.network, signal);
    const [network] = Object.values(info?.NetworkSettings.Networks ?? {});
    const own = `${network?.IPAddress ?? "127.0.0.1"} ${info?.Config.Hostname ?? "localhost"}`;
    await writeAnew(join(folder, "hosts"), hostsText(own, extra));
    binds.push(`${join(folder, "hosts")}:/etc/hosts`);
  }
  // Name servers of the whole group win over those of a task.
  if (resolver.length > 0 && !(await hasOwnServers(engine, spec.network, signal))) {
    await writeAnew(join(folder, "resolv.conf"), `${resolver.join("\n")}\n`);
    binds.push(`${join(folder, "resolv.conf")}:/etc/resolv.conf`);
  }
  return binds;
}

async function hasOwnServers(
  engine: Engine,
  network: string,
  signal: AbortSignal,
): Promise<boolean> {
  const info = await inspectContainer(engine, network, signal);
  const servers: unknown = info?.HostConfig.Dns;
  return Array.isArray(servers) && servers.length > 0;
}

export function hostsText(own: string, extra: readonly string[]): string {
  const added = extra.map((host) => {
    const at = host.indexOf(":");
    return `${host.slice(at + 1)} ${host.slice(0, at)}`;
  });
  const standard = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"];
  return `${[...standard, own, ...added].join("\n")}\n`;
}

function resolverText(values: JsonObject): readonly string[] {
  const searches = optionTexts(values, "dns_search_domains");
  const options = optionTexts(values, "dns_options");
  return [
    ...optionTexts(values, "dns_servers").map((server) => `nameserver ${server}`),
    ...(searches.length > 0 ? [`search ${searches.join(" ")}`] : []),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
}

/** Never through a link that something else has put there. */
async function writeAnew(path: string, text: string): Promise<void> {
  await rm(path, { force: true, recursive: true });
  await writeFile(path, text, { flag: "wx", mode: 0o644 });
}
