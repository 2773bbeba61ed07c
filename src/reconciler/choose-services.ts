import { createHash } from "node:crypto";
import type { ServiceRegistration } from "../model/service.ts";

/** `<number>|<key>`: so many instances, always the same ones for one key as long as they are there. */
export interface ServiceChoice {
  readonly count: number;
  readonly key: string;
}

export function parseServiceChoice(text: string): ServiceChoice | undefined {
  const bar = text.indexOf("|");
  const count = bar < 0 ? "" : text.slice(0, bar);
  const key = text.slice(bar + 1);
  if (!/^[+-]?\d+$/.test(count) || key === "") return undefined;
  return { count: Number(count), key };
}

/** Rendezvous hashing: each instance has its own place for a key, so that one that goes moves only its own users. */
export function chooseServices(
  services: readonly ServiceRegistration[],
  { count, key }: ServiceChoice,
): readonly ServiceRegistration[] {
  return services
    .map((service) => ({ service, place: placeOf(service, key) }))
    .sort((a, b) => (a.place < b.place ? -1 : Number(a.place > b.place)))
    .slice(0, Math.max(0, count))
    .map(({ service }) => service);
}

function placeOf({ Address, Port }: ServiceRegistration, key: string): string {
  const port = Buffer.alloc(8);
  port.writeBigInt64LE(BigInt(Port));
  return createHash("md5").update(port).update(Address).update(key).digest("hex");
}
