import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { NomadClient, type TlsOptions } from "../sdk/client.ts";
import { flag, readBool, type FlagValues } from "../lib/flags.ts";
import type { Environment } from "./ports.ts";

/** The options that every command takes. A flag beats its environment variable. */
export const generalFlags = {
  address: flag.text(
    "Address of the agent. Also NOMAD_ADDR. Default http://127.0.0.1:4646; unix:///path works too.",
  ),
  region: flag.text("Region to ask. Also NOMAD_REGION. Default: the agent's own."),
  namespace: flag.text(
    'Namespace to work in. Also NOMAD_NAMESPACE. "*" means all where that makes sense.',
  ),
  token: flag.text("Secret of the ACL token to send. Also NOMAD_TOKEN."),
  "no-color": flag.bool("Never paint the output. Also NOMAD_CLI_NO_COLOR."),
  "force-color": flag.bool(
    "Paint the output even when it is no terminal. Also NOMAD_CLI_FORCE_COLOR.",
  ),
  "ca-cert": flag.text(
    "PEM file of the authority that signed the agent's certificate. Also NOMAD_CACERT.",
  ),
  "ca-path": flag.text("Folder of such PEM files. Also NOMAD_CAPATH."),
  "client-cert": flag.text("PEM file of our own certificate. Also NOMAD_CLIENT_CERT."),
  "client-key": flag.text("PEM file of that certificate's key. Also NOMAD_CLIENT_KEY."),
  "tls-server-name": flag.text(
    "Name to expect in the agent's certificate. Also NOMAD_TLS_SERVER_NAME.",
  ),
  "tls-skip-verify": flag.bool("Do not verify the agent's certificate. Also NOMAD_SKIP_VERIFY."),
  insecure: flag.bool("The same as -tls-skip-verify."),
};
export type GeneralFlags = FlagValues<typeof generalFlags>;

export const defaultAddress = "http://127.0.0.1:4646";

export const namespaceOf = (flags: GeneralFlags, env: Environment): string =>
  flags.namespace || env["NOMAD_NAMESPACE"] || "";

/** Throws on files that cannot be read and on an address that makes no sense. */
export function createClient(flags: GeneralFlags, env: Environment): NomadClient {
  const region = flags.region || env["NOMAD_REGION"];
  const namespace = namespaceOf(flags, env);
  const token = flags.token || env["NOMAD_TOKEN"];
  const httpAuth = env["NOMAD_HTTP_AUTH"];
  return new NomadClient({
    address: flags.address || env["NOMAD_ADDR"] || defaultAddress,
    ...(region ? { region } : {}),
    ...(namespace ? { namespace } : {}),
    ...(token ? { token } : {}),
    ...(httpAuth ? { httpAuth } : {}),
    tls: tlsOptions(flags, env),
  });
}

function tlsOptions(flags: GeneralFlags, env: Environment): TlsOptions {
  const caFile = flags["ca-cert"] || env["NOMAD_CACERT"];
  const caPath = flags["ca-path"] || env["NOMAD_CAPATH"];
  const cert = flags["client-cert"] || env["NOMAD_CLIENT_CERT"];
  const key = flags["client-key"] || env["NOMAD_CLIENT_KEY"];
  const serverName = flags["tls-server-name"] || env["NOMAD_TLS_SERVER_NAME"];
  const skipVerify =
    flags["tls-skip-verify"] || flags.insecure || readBool(env["NOMAD_SKIP_VERIFY"] ?? "") === true;
  return {
    ...(caFile ? { ca: [readFileSync(caFile)] } : caPath ? { ca: readFolder(caPath) } : {}),
    ...(cert ? { cert: readFileSync(cert) } : {}),
    ...(key ? { key: readFileSync(key) } : {}),
    ...(serverName ? { serverName } : {}),
    ...(skipVerify ? { skipVerify } : {}),
  };
}

const readFolder = (path: string): readonly Buffer[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(path, entry.name)));
