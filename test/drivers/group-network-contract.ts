import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GroupNetworks, GroupNetworkSpec, TaskDriver } from "../../src/drivers/port.ts";
import { systemRandom } from "../../src/lib/system/random.ts";
import { allocationId } from "../../src/model/ids.ts";
import { makeDriverBench } from "../support/driver-spec.ts";

/** What every driver that gives groups networks of their own must do. */
export function groupNetworkContract(name: string, open: (dir: string) => TaskDriver): void {
  describe(`the networks of the ${name} driver`, () => {
    let bench: ReturnType<typeof makeDriverBench>;
    let networks: GroupNetworks;
    let spec: GroupNetworkSpec;
    const signal = new AbortController().signal;
    const ensure = (wanted = spec, from = networks) => from.ensure(wanted, () => undefined, signal);
    const opened = (): GroupNetworks => {
      const own = open(bench.dir).networks;
      if (!own) throw new Error("the driver has no networks");
      return own;
    };

    beforeEach(() => {
      bench = makeDriverBench();
      networks = opened();
      spec = {
        allocationId: allocationId(systemRandom.uuid()),
        owner: bench.owner,
        jobId: "job",
        group: "group",
        hostname: "",
        ports: [],
        dns: undefined,
      };
    });
    afterEach(async () => {
      for (const id of await networks.list(bench.owner, signal))
        await networks.remove(id, bench.owner, signal);
      bench.clean();
    });

    test("a network is made once, however often it is asked for, also by a restarted agent", async () => {
      const made = await ensure();
      expect(made.status.InterfaceName).toBe("eth0");
      expect(made.status.Address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(await ensure()).toEqual(made);
      expect(await ensure(spec, opened())).toEqual(made);
      expect(await networks.inspect(spec.allocationId, bench.owner, signal)).toEqual(made);
      expect(await networks.list(bench.owner, signal)).toEqual([spec.allocationId]);
    });

    test("a removed network is gone, and removing it again is fine", async () => {
      await ensure();
      await networks.remove(spec.allocationId, bench.owner, signal);
      await networks.remove(spec.allocationId, bench.owner, signal);
      expect(await networks.inspect(spec.allocationId, bench.owner, signal)).toBeUndefined();
      expect(await networks.list(bench.owner, signal)).toEqual([]);
    });

    test("what belongs to another node is neither seen nor removed", async () => {
      const made = await ensure();
      const other = { ...bench.owner, nodeId: systemRandom.uuid() };
      expect(await networks.inspect(spec.allocationId, other, signal)).toBeUndefined();
      expect(await networks.list(other, signal)).toEqual([]);
      await networks.remove(spec.allocationId, other, signal);
      expect(await networks.inspect(spec.allocationId, bench.owner, signal)).toEqual(made);
    });

    test("name servers are told as they were asked for", async () => {
      const dns = { servers: ["10.1.2.3"], searches: ["lab"], options: ["ndots:1"] };
      const { status } = await ensure({ ...spec, dns });
      expect(status.DNS).toEqual({
        Servers: ["10.1.2.3"],
        Searches: ["lab"],
        Options: ["ndots:1"],
      });
    });

    test("the network of a group is none of its tasks", async () => {
      await ensure();
      expect(await open(bench.dir).list(bench.owner, signal)).toEqual([]);
    });
  });
}
