import { networkInterfaces } from "node:os";
import type Docker from "dockerode";
import { AppError, errorText } from "../../lib/errors.ts";
import type { DriverFingerprint } from "../port.ts";
import type { Engine } from "./engine.ts";
import type { DockerPlugin } from "./options.ts";

const timeoutMs = 10_000;
const lost = "Failed to connect to docker daemon";
const groupHint =
  "add your user to the docker group: sudo usermod -aG docker $USER, then log in again";

/** Is there an engine, is it well, and what can it do? One that was seen before is unhealthy, not undetected. */
export async function fingerprintEngine(
  engine: Engine,
  plugin: DockerPlugin,
  { wasSeen, signal }: { readonly wasSeen: boolean; readonly signal: AbortSignal },
): Promise<DriverFingerprint> {
  try {
    const limits = { signal, timeoutMs: Math.min(timeoutMs, engine.callTimeoutMs) };
    const [info, bridge] = await Promise.all([
      engine.ask({ place: "docker-info", what: "ask for its state", ...limits }, () =>
        engine.docker.info(),
      ),
      bridgeAddress(engine, limits),
    ]);
    return {
      detected: true,
      healthy: true,
      description: "Healthy",
      attributes: {
        "": "1",
        ...infoAttributes(info),
        ...(bridge === undefined ? {} : { bridge_ip: bridge }),
        ...(plugin.allowPrivileged ? { "privileged.enabled": "true" } : {}),
        ...(plugin.volumesEnabled ? { "volumes.enabled": "true" } : {}),
        ...(plugin.pidsLimit > 0 ? { "pids.limit": String(plugin.pidsLimit) } : {}),
      },
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return {
      detected: wasSeen,
      healthy: false,
      description: describe(thrown, wasSeen),
      attributes: {},
    };
  }
}

function infoAttributes(answer: unknown): { readonly [name: string]: string } {
  const info = answer as {
    readonly ServerVersion?: string;
    readonly OSType?: string;
    readonly Runtimes?: object;
  };
  return {
    version: info.ServerVersion ?? "",
    os_type: info.OSType ?? "linux",
    runtimes: Object.keys(info.Runtimes ?? {})
      .toSorted()
      .join(","),
  };
}

/** The host's address on the default bridge; an engine may run without that network. */
async function bridgeAddress(
  engine: Engine,
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<string | undefined> {
  const network = await engine.askUnless<Docker.NetworkInspectInfo>(
    [404],
    { place: "docker-network", what: "inspect the bridge network", ...limits },
    () => engine.docker.getNetwork("bridge").inspect(),
  );
  if (network === undefined) return undefined;
  const [config] = network.IPAM?.Config ?? [];
  const gateway = (config as { readonly Gateway?: string } | undefined)?.Gateway;
  if (gateway !== undefined && gateway !== "") return gateway;
  // Some engines leave the gateway out; the interface itself then tells.
  const name = network.Options?.["com.docker.network.bridge.name"] ?? "docker0";
  return networkInterfaces()[name]?.find(({ family }) => family === "IPv4")?.address;
}

function describe(thrown: unknown, wasSeen: boolean): string {
  const errno = thrown instanceof AppError ? thrown.fields["errno"] : undefined;
  if (errno === "EACCES") return `${lost}: permission denied; ${groupHint}`;
  return wasSeen ? lost : `${lost}: ${errorText(thrown)}`;
}
