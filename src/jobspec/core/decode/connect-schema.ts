import { identitySpec } from "./identity-schema.ts";
import { free, labelled, list, once, open } from "./placement-schema.ts";
import type { BlockSpec, ChildSpec } from "./spec-types.ts";
import { logsSpec, resourcesSpec, volumeMountSpec } from "./task-parts-schema.ts";

const headersSpec: BlockSpec = {
  arguments: { remove: "Remove:strings?" },
  blocks: { add: open("Add"), set: open("Set") },
};
const tlsSpec: BlockSpec = {
  arguments: {
    enabled: "Enabled:bool",
    tls_min_version: "TLSMinVersion:string",
    tls_max_version: "TLSMaxVersion:string",
    cipher_suites: "CipherSuites:strings?",
  },
  blocks: {
    sds: once("SDS", {
      arguments: { cluster_name: "ClusterName:string", cert_resource: "CertResource:string" },
    }),
  },
};
const ingressServiceSpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    hosts: "Hosts:strings?",
    max_connections: "MaxConnections:uint32?",
    max_pending_requests: "MaxPendingRequests:uint32?",
    max_concurrent_requests: "MaxConcurrentRequests:uint32?",
  },
  blocks: {
    tls: once("TLS", tlsSpec),
    request_headers: once("RequestHeaders", headersSpec),
    response_headers: once("ResponseHeaders", headersSpec),
  },
};
const listenerSpec: BlockSpec = {
  arguments: { port: "Port:int", protocol: "Protocol:string" },
  blocks: { service: list("Services", ingressServiceSpec) },
};
const gatewayProxySpec: BlockSpec = {
  arguments: {
    connect_timeout: "ConnectTimeout:duration?",
    envoy_gateway_bind_tagged_addresses: "EnvoyGatewayBindTaggedAddresses:bool",
    envoy_gateway_no_default_bind: "EnvoyGatewayNoDefaultBind:bool",
    envoy_dns_discovery_type: "EnvoyDNSDiscoveryType:string",
  },
  blocks: {
    envoy_gateway_bind_addresses: labelled("EnvoyGatewayBindAddresses", {
      labels: ["Name"],
      arguments: { address: "Address:string", port: "Port:int" },
    }),
    config: free("Config"),
  },
};
const linkedServiceSpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    ca_file: "CAFile:string",
    cert_file: "CertFile:string",
    key_file: "KeyFile:string",
    sni: "SNI:string",
  },
};
const gatewaySpec: BlockSpec = {
  arguments: {},
  blocks: {
    proxy: once("Proxy", gatewayProxySpec),
    ingress: once("Ingress", {
      arguments: {},
      blocks: { tls: once("TLS", tlsSpec), listener: list("Listeners", listenerSpec) },
    }),
    terminating: once("Terminating", {
      arguments: {},
      blocks: { service: list("Services", linkedServiceSpec) },
    }),
    mesh: once("Mesh", { arguments: {}, blocks: {} }),
  },
};
const upstream: ChildSpec = list("Upstreams", {
  arguments: {
    destination_name: "DestinationName:string",
    destination_namespace: "DestinationNamespace:string",
    destination_peer: "DestinationPeer:string",
    destination_type: "DestinationType:string",
    destination_partition: "DestinationPartition:string",
    local_bind_port: "LocalBindPort:int",
    datacenter: "Datacenter:string",
    local_bind_address: "LocalBindAddress:string",
    local_bind_socket_path: "LocalBindSocketPath:string",
    local_bind_socket_mode: "LocalBindSocketMode:string",
  },
  blocks: {
    mesh_gateway: once("MeshGateway", { arguments: { mode: "Mode:string" } }),
    config: free("Config"),
  },
});
const proxySpec: BlockSpec = {
  arguments: {
    local_service_address: "LocalServiceAddress:string",
    local_service_port: "LocalServicePort:int",
  },
  blocks: {
    upstreams: upstream,
    expose: once("Expose", {
      arguments: {},
      blocks: {
        path: list("Paths", {
          arguments: {
            path: "Path:string",
            protocol: "Protocol:string",
            local_path_port: "LocalPathPort:int",
            listener_port: "ListenerPort:string",
          },
        }),
      },
    }),
    transparent_proxy: once("TransparentProxy", {
      arguments: {
        uid: "UID:string",
        outbound_port: "OutboundPort:uint16",
        exclude_inbound_ports: "ExcludeInboundPorts:strings?",
        exclude_outbound_ports: "ExcludeOutboundPorts:uint16s?",
        exclude_outbound_cidrs: "ExcludeOutboundCIDRs:strings?",
        exclude_uids: "ExcludeUIDs:strings?",
        no_dns: "NoDNS:bool",
      },
    }),
    config: free("Config"),
  },
};
const sidecarTaskSpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    driver: "Driver:string",
    user: "User:string",
    kill_timeout: "KillTimeout:duration?",
    shutdown_delay: "ShutdownDelay:duration?",
    kill_signal: "KillSignal:string",
  },
  blocks: {
    config: free("Config"),
    env: open("Env"),
    meta: open("Meta"),
    resources: once("Resources", resourcesSpec),
    logs: once("LogConfig", logsSpec),
    volume_mount: list("VolumeMounts", volumeMountSpec),
    identity: list("Identities", identitySpec),
  },
};
export const connectSpec: BlockSpec = {
  arguments: { native: "Native:bool" },
  blocks: {
    gateway: once("Gateway", gatewaySpec),
    sidecar_service: once("SidecarService", {
      arguments: {
        tags: "Tags:strings?",
        port: "Port:string",
        disable_default_tcp_check: "DisableDefaultTCPCheck:bool",
      },
      blocks: { proxy: once("Proxy", proxySpec), meta: open("Meta") },
    }),
    sidecar_task: once("SidecarTask", sidecarTaskSpec),
  },
};
