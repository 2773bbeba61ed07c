import type { NetworkResource } from "../../model/job.ts";
import { omitZero } from "./omit.ts";

/** Networks and their ports leave out zero fields, wherever they stand. */
export const encodeNetworks = (
  networks: readonly NetworkResource[] | null,
): readonly object[] | null => networks?.map(encodeNetwork) ?? null;

const encodeNetwork = (network: NetworkResource): object =>
  omitZero({
    ...network,
    ReservedPorts: network.ReservedPorts?.map(omitZero),
    DynamicPorts: network.DynamicPorts?.map(omitZero),
  });
