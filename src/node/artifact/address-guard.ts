import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { refusedRange } from "./core/address.ts";
import type { Network } from "./core/address.ts";
import { failure } from "./failure.ts";

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Decides which addresses may be reached. It looks at what a name resolves to at the moment of connecting and hands
 * out just that, so a name that changes its meaning between two questions gains nothing.
 */
export interface AddressGuard {
  /** Throws when the host is an address that is refused; a name is judged by `resolve`. */
  checkLiteral(hostname: string): void;
  resolve(hostname: string): Promise<readonly string[]>;
  /** For sockets: connects to addresses that passed only. */
  readonly lookup: LookupFunction;
}

export const systemResolve: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

export function createAddressGuard(resolve: Resolve, allowed: readonly Network[]): AddressGuard {
  const check = (address: string, hostname: string): void => {
    const range = refusedRange(address, allowed);
    if (range === undefined) return;
    const whose = address === hostname ? "" : ` of ${hostname}`;
    throw failure(
      `address ${address}${whose} is refused: this node fetches no artifacts from ${range} addresses`,
    );
  };
  const guarded = async (hostname: string): Promise<readonly string[]> => {
    const plain = hostname.replace(/^\[(.*)\]$/, "$1");
    const addresses = isIP(plain) > 0 ? [plain] : await resolve(plain);
    if (addresses.length === 0) throw failure(`host ${hostname} has no address`);
    // One bad address among good ones is reason enough: which one a socket takes would be chance.
    for (const address of addresses) check(address, plain);
    return addresses;
  };
  const answer = callbackify(guarded);
  return {
    checkLiteral(hostname) {
      const plain = hostname.replace(/^\[(.*)\]$/, "$1");
      if (isIP(plain) > 0) check(plain, plain);
    },
    resolve: guarded,
    lookup(hostname, options, callback) {
      answer(hostname, (thrown: Error | null, addresses?: readonly string[]) => {
        if (thrown) {
          callback(thrown, []);
          return;
        }
        const all = (addresses ?? []).map((address) => ({ address, family: isIP(address) }));
        const [first] = all;
        if (options.all === true) callback(null, all);
        else callback(null, first?.address ?? "", first?.family);
      });
    },
  };
}
