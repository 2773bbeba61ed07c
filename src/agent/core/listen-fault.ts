/** Why the HTTP address cannot be had, and what to do about it. */
export function listenFault(fault: {
  readonly code: string | undefined;
  readonly text: string;
  readonly host: string;
  readonly port: number;
}): string {
  const { host, port } = fault;
  const head = `HTTP server could not start on ${host}:${port}: `;
  const otherPort = "or give this agent another port (ports { http = ... } in a -config file)";
  switch (fault.code) {
    case "EADDRINUSE":
      return `${head}the port is taken: stop the other program (\`ss -ltnp sport = :${port}\` names it), ${otherPort}`;
    case "EADDRNOTAVAIL":
      return `${head}this machine does not have that address: see bind_addr and addresses.http`;
    case "EACCES":
      return `${head}only root may use ports below 1024: run as root, ${otherPort}`;
    case undefined:
    default:
      return `${head}${fault.text}`;
  }
}
