/** Words of configuration keys that the wire writes in capitals. */
const capitals: ReadonlySet<string> = new Set(
  "acl api cni cpu csi gc gcs hcl http https id ipv6 mb oidc rpc s3 tls ttl ui url uuid".split(" "),
);
const whole: { readonly [key: string]: string } = {
  bridge_network_subnet_ipv6: "BridgeNetworkSubnetIPv6",
  circonus_submission_url: "CirconusCheckSubmissionURL",
  circonus_api_app: "CirconusAPIApp",
  client_max_port: "ClientMaxPort",
  cpu_total_compute: "CpuCompute",
  cpu_disable_dmidecode: "CpuDisableDmidecode",
  datadog_address: "DataDogAddr",
  deploy_query_rate_limit: "DeploymentQueryRateLimit",
  disable_file_sandbox: "DisableSandbox",
  block_query_wait: "BlockQueryWaitTime",
  disk: "DiskMB",
  dynamic_user_max: "MaxDynamicUser",
  dynamic_user_min: "MinDynamicUser",
  fingerprint: "Fingerprinters",
  http: "HTTP",
  leave_on_interrupt: "LeaveOnInt",
  leave_on_terminate: "LeaveOnTerm",
  memory: "MemoryMB",
  memory_total_mb: "MemoryMB",
  name: "NodeName",
  retry_max: "RetryMaxAttempts",
  serf: "Serf",
  show_cli_hints: "ShowCLIHints",
  statsd_address: "StatsdAddr",
  statsite_address: "StatsiteAddr",
  template: "TemplateConfig",
  tls: "TLSConfig",
  ui_url: "BaseUIURL",
  advertise: "AdvertiseAddrs",
  ca_file: "CAFile",
  tls_cipher_suites: "TLSCipherSuites",
};

/** `job_gc_interval` is `JobGCInterval` on the wire. */
export function wireName(key: string): string {
  const known = whole[key];
  if (known !== undefined) return known;
  return key
    .split("_")
    .map((word) =>
      capitals.has(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join("");
}

/** Keys whose values are secrets: shown as set, never as what they are. */
export const isSecret = (key: string): boolean => /(?:^|[._])(?:token|encrypt|auth)$/.test(key);
