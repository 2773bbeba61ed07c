import type { AllocatedPort } from "../../model/allocation.ts";

export interface PortBindings {
  [port: string]: { HostIp: string; HostPort: string }[];
}
export interface Published {
  readonly exposed: { [port: string]: object };
  readonly bindings: PortBindings;
}

/** Each port for tcp and for udp, on the address that the scheduler gave it; `inside` wins over the port's own. */
export function bindingsOf(
  ports: readonly { readonly port: AllocatedPort; readonly inside: string }[],
): Published {
  const exposed: Published["exposed"] = {};
  const bindings: PortBindings = {};
  for (const { port, inside } of ports) {
    const target = inside || String(port.To > 0 ? port.To : port.Value);
    for (const protocol of ["tcp", "udp"]) {
      const key = `${target}/${protocol}`;
      exposed[key] = {};
      (bindings[key] ??= []).push({ HostIp: port.HostIP, HostPort: String(port.Value) });
    }
  }
  return { exposed, bindings };
}
