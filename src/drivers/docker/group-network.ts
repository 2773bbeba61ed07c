import type Docker from "dockerode";
import { AppError } from "../../lib/errors.ts";
import { allocationId as asAllocationId } from "../../model/ids.ts";
import type { GroupNetwork, GroupNetworks, GroupNetworkSpec, TaskOwner } from "../port.ts";
import { bindingsOf } from "./published-ports.ts";
import { type Engine, statusOf } from "./engine.ts";
import type { Images } from "./images.ts";
import { isOwnedBy, networkLabels, ownerFilter, ownLabels } from "./labels.ts";
import type { DockerPlugin } from "./options.ts";
import { ensurePauseImage } from "./pause-image.ts";
import { refusal } from "./refusal.ts";
import { inspectContainer, removeContainer } from "./inspect.ts";

export interface NetworkTools {
  readonly engine: Engine;
  readonly images: Images;
  readonly plugin: DockerPlugin;
}

/**
 * One container that does nothing holds the network of each allocation; the tasks join it. It is named after the
 * allocation, so the engine itself refuses a second one, and it keeps nothing that its successor would need.
 */
export function createGroupNetworks(tools: NetworkTools): GroupNetworks {
  const { engine } = tools;
  const look = async (
    id: string,
    owner: TaskOwner,
    signal: AbortSignal,
  ): Promise<Docker.ContainerInspectInfo | undefined> => {
    const info = await inspectContainer(engine, networkName(id), signal);
    return info !== undefined && isOwnedBy(info.Config.Labels, owner) ? info : undefined;
  };
  return {
    async ensure(spec, notice, signal) {
      const there = await look(spec.allocationId, spec.owner, signal);
      if (there?.State.Running === true) return networkOf(spec, there);
      if (there !== undefined) await removeContainer(engine, there.Id, signal);
      const image = await imageOf(tools, notice, signal);
      const id = await create(engine, spec, image, signal);
      await engine.askUnless(
        [304],
        { place: "docker-start", what: failed, signal },
        (abortSignal) => engine.docker.getContainer(id).start({ abortSignal }),
      );
      const made = await inspectContainer(engine, id, signal);
      if (made?.State.Running !== true)
        throw new AppError("driver", `${failed}: it ended at once`, {
          fields: { recoverable: true },
        });
      return networkOf(spec, made);
    },
    async inspect(allocationId, owner, signal) {
      const info = await look(allocationId, owner, signal);
      return info?.State.Running === true ? networkOf({ allocationId }, info) : undefined;
    },
    async list(owner, signal) {
      const found = await engine.ask(
        { place: "docker-list", what: "list containers", signal },
        (abortSignal) =>
          engine.docker.listContainers({
            all: true,
            filters: { label: [...ownerFilter(owner).label, ownLabels.network] },
            abortSignal,
          }),
      );
      return found.map(({ Labels }) => asAllocationId(Labels[ownLabels.allocation] ?? ""));
    },
    async remove(allocationId, owner, signal) {
      const info = await look(allocationId, owner, signal);
      if (info !== undefined) await removeContainer(engine, info.Id, signal);
    },
  };
}

const failed = "Failed to start the network of the group";

export const networkName = (allocationId: string): string => `nomad_init_${allocationId}`;

async function imageOf(
  { engine, images, plugin }: NetworkTools,
  notice: Parameters<GroupNetworks["ensure"]>[1],
  signal: AbortSignal,
): Promise<string> {
  if (plugin.infraImage === "") return ensurePauseImage(engine, signal);
  const pull_timeout = plugin.infraImagePullTimeoutMs * 1e6;
  const values = { image: plugin.infraImage, image_pull_timeout: pull_timeout };
  return images.resolve({ directories: { local: "" }, values, notice, signal });
}

async function create(
  engine: Engine,
  spec: GroupNetworkSpec,
  image: string,
  signal: AbortSignal,
): Promise<string> {
  const { exposed, bindings } = bindingsOf(spec.ports.map((port) => ({ port, inside: "" })));
  const config: Docker.ContainerCreateOptions = {
    name: networkName(spec.allocationId),
    Image: image,
    Labels: networkLabels(spec),
    ExposedPorts: exposed,
    ...(spec.hostname === "" ? {} : { Hostname: spec.hostname }),
    HostConfig: {
      NetworkMode: "bridge",
      PortBindings: bindings,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: true,
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "no" },
      ...(spec.dns && {
        Dns: [...spec.dns.servers],
        DnsSearch: [...spec.dns.searches],
        DnsOptions: [...spec.dns.options],
      }),
    },
  };
  try {
    const made = await engine.ask({ place: "docker-create", what: failed, signal }, (abortSignal) =>
      engine.docker.createContainer({ ...config, abortSignal }),
    );
    return made.id;
  } catch (thrown) {
    if (statusOf(thrown) !== 409) throw thrown;
    const name = networkName(spec.allocationId);
    throw refusal(
      `a container named ${name} that is not ours stands in the way: remove it with \`docker rm -f ${name}\``,
    );
  }
}

function networkOf(
  spec: Pick<GroupNetworkSpec, "allocationId">,
  info: Docker.ContainerInspectInfo,
): GroupNetwork {
  const [network] = Object.values(info.NetworkSettings.Networks);
  const servers = list(info.HostConfig.Dns);
  const searches = list(info.HostConfig.DnsSearch);
  const options = list(info.HostConfig.DnsOptions);
  const hasDns = servers.length + searches.length + options.length > 0;
  return {
    allocationId: spec.allocationId,
    handle: info.Id,
    status: {
      InterfaceName: "eth0",
      Address: network?.IPAddress ?? "",
      AddressIPv6: network?.GlobalIPv6Address ?? "",
      DNS: hasDns ? { Servers: servers, Searches: searches, Options: options } : null,
    },
  };
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
