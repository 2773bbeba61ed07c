import type { Json, JsonObject } from "../lib/json.ts";
import { isObject } from "./core/decode-config.ts";
import { isSecret } from "./core/wire-name.ts";
import type { Settings } from "./settings.ts";

/** Wire name, key of the configuration, and what holds when nobody wrote it. */
type Row = readonly [wire: string, key: string, fallback: Json];

const consul: readonly Row[] = [
  ["Name", "name", "default"],
  ["Addr", "address", "127.0.0.1:8500"],
  ["GRPCAddr", "grpc_address", ""],
  ["Auth", "auth", ""],
  ["Token", "token", ""],
  ["Namespace", "namespace", ""],
  ["Timeout", "timeout", 5_000_000_000],
  ["EnableSSL", "ssl", false],
  ["ShareSSL", "share_ssl", true],
  ["VerifySSL", "verify_ssl", true],
  ["CAFile", "ca_file", ""],
  ["GRPCCAFile", "grpc_ca_file", ""],
  ["CertFile", "cert_file", ""],
  ["KeyFile", "key_file", ""],
  ["AutoAdvertise", "auto_advertise", true],
  ["ChecksUseAdvertise", "checks_use_advertise", false],
  ["ServerAutoJoin", "server_auto_join", true],
  ["ClientAutoJoin", "client_auto_join", true],
  ["ServerServiceName", "server_service_name", "nomad"],
  ["ClientServiceName", "client_service_name", "nomad-client"],
  ["ServerHTTPCheckName", "server_http_check_name", "Nomad Server HTTP Check"],
  ["ServerSerfCheckName", "server_serf_check_name", "Nomad Server Serf Check"],
  ["ServerRPCCheckName", "server_rpc_check_name", "Nomad Server RPC Check"],
  ["ClientHTTPCheckName", "client_http_check_name", "Nomad Client HTTP Check"],
  ["ServerFailuresBeforeCritical", "server_failures_before_critical", 0],
  ["ServerFailuresBeforeWarning", "server_failures_before_warning", 0],
  ["ClientFailuresBeforeCritical", "client_failures_before_critical", 0],
  ["ClientFailuresBeforeWarning", "client_failures_before_warning", 0],
  ["ServiceIdentityAuthMethod", "service_auth_method", "nomad-workloads"],
  ["TaskIdentityAuthMethod", "task_auth_method", "nomad-workloads"],
];

const vault: readonly Row[] = [
  ["Name", "name", "default"],
  ["Enabled", "enabled", null],
  ["Addr", "address", "https://vault.service.consul:8200"],
  ["Namespace", "namespace", ""],
  ["Role", "create_from_role", ""],
  ["Token", "token", ""],
  ["JWTAuthBackendPath", "jwt_auth_backend_path", "jwt-nomad"],
  ["ConnectionRetryIntv", "", 30_000_000_000],
  ["TLSCaFile", "ca_file", ""],
  ["TLSCaPath", "ca_path", ""],
  ["TLSCertFile", "cert_file", ""],
  ["TLSKeyFile", "key_file", ""],
  ["TLSServerName", "tls_server_name", ""],
  ["TLSSkipVerify", "tls_skip_verify", null],
];

/** What is configured for Consul and Vault, the unnamed cluster of each at least. Nothing here talks to them yet. */
export const integrationsOf = (settings: Settings): JsonObject => ({
  Consuls: clusters(settings.values["consul"], consul, "consul"),
  Vaults: clusters(settings.values["vault"], vault, "vault"),
});

function clusters(written: Json | undefined, rows: readonly Row[], kind: string): Json {
  const named = isObject(written) ? Object.entries(written) : [];
  const all: readonly (readonly [string, Json | undefined])[] =
    named.length === 0 ? [["default", {}]] : named;
  return all.map(([name, block]) => {
    const values = isObject(block) ? block : {};
    return Object.fromEntries(
      rows.map(([wire, key, fallback]) => {
        if (key === "name") return [wire, name];
        const value = values[key] ?? fallback;
        return [wire, isSecret(`${kind}.${key}`) && value !== "" ? "<redacted>" : value];
      }),
    );
  });
}
