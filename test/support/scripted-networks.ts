import type { GroupNetwork, GroupNetworks, TaskOwner } from "../../src/drivers/port.ts";

/** Networks of groups in memory, which outlive the agents under test. */
export class ScriptedNetworks {
  readonly made = new Map<string, { readonly network: GroupNetwork; readonly owner: TaskOwner }>();
  /** Errors that the next calls to make one throw, in order. */
  readonly errors: Error[] = [];
  #serial = 0;

  port(check: () => void, tell: (call: string) => void): GroupNetworks {
    const own = (id: string, owner: TaskOwner) => {
      const found = this.made.get(id);
      return found && isSame(found.owner, owner) ? found.network : undefined;
    };
    return {
      ensure: async (spec) => {
        check();
        const error = this.errors.shift();
        if (error) throw error;
        const there = own(spec.allocationId, spec.owner);
        if (there) return there;
        tell("make network");
        const number = ++this.#serial;
        const { servers, searches, options } = spec.dns ?? {
          servers: [],
          searches: [],
          options: [],
        };
        const network: GroupNetwork = {
          allocationId: spec.allocationId,
          handle: `network-${number}`,
          namespace: `/run/network-${number}`,
          status: {
            InterfaceName: "eth0",
            Address: `172.17.0.${number + 1}`,
            AddressIPv6: "",
            DNS: spec.dns ? { Servers: servers, Searches: searches, Options: options } : null,
          },
        };
        this.made.set(spec.allocationId, { network, owner: spec.owner });
        return network;
      },
      inspect: async (id, owner) => {
        check();
        return own(id, owner);
      },
      list: async (owner) => {
        check();
        return [...this.made.values()]
          .filter((each) => isSame(each.owner, owner))
          .map(({ network }) => network.allocationId);
      },
      remove: async (id, owner) => {
        check();
        if (!own(id, owner)) return;
        tell("remove network");
        this.made.delete(id);
      },
    };
  }
}

const isSame = (a: TaskOwner, b: TaskOwner): boolean =>
  a.cluster === b.cluster && a.nodeId === b.nodeId;
