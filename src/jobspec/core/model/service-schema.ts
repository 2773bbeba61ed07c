import {
  identitySchema,
  logConfigSchema,
  resourcesSchema,
  volumeMountSchema,
  wholeList,
} from "./common-schema.ts";
import {
  bool,
  count,
  duration,
  free,
  many,
  manyByName,
  mapOf,
  one,
  openCount,
  openDuration,
  openText,
  schema,
  shownAs,
  text,
  textKind,
  textMap,
  texts,
  whole,
} from "./schema.ts";

/** Services with their checks, and the Consul mesh settings, which are parsed and canonicalized only. */
export const checkRestartSchema = schema("CheckRestart", {
  Limit: whole(),
  Grace: openDuration({ canonical: 1e9 }),
  IgnoreWarnings: bool(),
});

export const checkSchema = schema("ServiceCheck", {
  Name: text(),
  Type: text(),
  Command: text(),
  Args: texts({ diff: shownAs("Args", "texts") }),
  Path: text(),
  Protocol: text(),
  PortLabel: text(),
  Expose: bool(),
  AddressMode: text(),
  Advertise: text({ stored: undefined }),
  Interval: duration(),
  Timeout: duration(),
  InitialStatus: text(),
  Notes: text(),
  TLSServerName: text(),
  TLSSkipVerify: bool(),
  Method: text(),
  Header: mapOf({ kind: "list", of: textKind }, { diff: shownAs("Header", "flat") }),
  CheckRestart: one(checkRestartSchema, { diff: shownAs("CheckRestart", "one") }),
  GRPCService: text(),
  GRPCUseTLS: bool(),
  TaskName: text(),
  SuccessBeforePassing: whole(),
  FailuresBeforeCritical: whole(),
  FailuresBeforeWarning: whole(),
  Body: text(),
  OnUpdate: text(),
});

const meshGatewaySchema = schema("ConsulMeshGateway", { Mode: text() });

const upstreamSchema = schema("ConsulUpstream", {
  DestinationName: text(),
  DestinationNamespace: text(),
  DestinationPeer: text(),
  DestinationPartition: text(),
  DestinationType: text(),
  LocalBindPort: whole(),
  Datacenter: text(),
  LocalBindAddress: text(),
  LocalBindSocketPath: text(),
  LocalBindSocketMode: text(),
  MeshGateway: one(meshGatewaySchema),
  Config: free(),
});

const exposePathSchema = schema("ConsulExposePath", {
  Path: text(),
  Protocol: text(),
  LocalPathPort: whole(),
  ListenerPort: text(),
});

const transparentProxySchema = schema("ConsulTransparentProxy", {
  UID: text(),
  OutboundPort: whole(),
  ExcludeInboundPorts: texts(),
  ExcludeOutboundPorts: wholeList,
  ExcludeOutboundCIDRs: texts(),
  ExcludeUIDs: texts(),
  NoDNS: bool(),
});

const proxySchema = schema("ConsulProxy", {
  LocalServiceAddress: text(),
  LocalServicePort: whole(),
  Expose: one(schema("ConsulExposeConfig", { Paths: many(exposePathSchema) })),
  Upstreams: many(upstreamSchema),
  TransparentProxy: one(transparentProxySchema),
  Config: free(),
});

const sidecarServiceSchema = schema("ConsulSidecarService", {
  Tags: texts(),
  Port: text(),
  Proxy: one(proxySchema),
  DisableDefaultTCPCheck: bool(),
  Meta: textMap(),
});

export const sidecarTaskSchema = schema("SidecarTask", {
  Name: text(),
  Driver: text(),
  User: text(),
  Config: free(),
  Env: textMap(),
  Resources: one(resourcesSchema),
  Meta: textMap(),
  KillTimeout: openDuration({ canonical: 5e9 }),
  LogConfig: one(logConfigSchema),
  ShutdownDelay: openDuration({ canonical: 0 }),
  KillSignal: text(),
  VolumeMounts: many(volumeMountSchema),
  Identities: many(identitySchema),
});

const bindAddressSchema = schema("ConsulGatewayBindAddress", {
  Name: text(),
  Address: text(),
  Port: whole(),
});

const gatewayProxySchema = schema("ConsulGatewayProxy", {
  ConnectTimeout: openDuration({ canonical: 5e9 }),
  EnvoyGatewayBindTaggedAddresses: bool(),
  EnvoyGatewayBindAddresses: manyByName(bindAddressSchema),
  EnvoyGatewayNoDefaultBind: bool(),
  EnvoyDNSDiscoveryType: text(),
  Config: free(),
});

const sdsSchema = schema("ConsulGatewayTLSSDSConfig", {
  ClusterName: text(),
  CertResource: text(),
});

const gatewayTlsSchema = schema("ConsulGatewayTLSConfig", {
  Enabled: bool(),
  TLSMinVersion: text(),
  TLSMaxVersion: text(),
  CipherSuites: texts(),
  SDS: one(sdsSchema),
});

const headersSchema = schema("ConsulHTTPHeaderModifiers", {
  Add: textMap(),
  Set: textMap(),
  Remove: texts(),
});

const ingressServiceSchema = schema("ConsulIngressService", {
  Name: text(),
  Hosts: texts(),
  TLS: one(gatewayTlsSchema),
  RequestHeaders: one(headersSchema),
  ResponseHeaders: one(headersSchema),
  MaxConnections: openCount(),
  MaxPendingRequests: openCount(),
  MaxConcurrentRequests: openCount(),
});

const ingressSchema = schema("ConsulIngressConfigEntry", {
  TLS: one(gatewayTlsSchema),
  Listeners: many(
    schema("ConsulIngressListener", {
      Port: whole(),
      Protocol: text({ canonical: "tcp" }),
      Services: many(ingressServiceSchema),
    }),
  ),
});

const linkedServiceSchema = schema("ConsulLinkedService", {
  Name: text(),
  CAFile: text(),
  CertFile: text(),
  KeyFile: text(),
  SNI: text(),
});

const gatewaySchema = schema("ConsulGateway", {
  Proxy: one(gatewayProxySchema),
  Ingress: one(ingressSchema),
  Terminating: one(schema("ConsulTerminatingConfigEntry", { Services: many(linkedServiceSchema) })),
  Mesh: one(schema("ConsulMeshConfigEntry", {})),
});

export const connectSchema = schema("ConsulConnect", {
  Native: bool(),
  Gateway: one(gatewaySchema),
  SidecarService: one(sidecarServiceSchema),
  SidecarTask: one(sidecarTaskSchema),
});

export const serviceSchema = schema("Service", {
  Name: text(),
  TaskName: text(),
  PortLabel: text(),
  AddressMode: text({ canonical: "auto" }),
  Address: text(),
  EnableTagOverride: bool(),
  Tags: texts({ diff: shownAs("Tags", "texts") }),
  CanaryTags: texts({ diff: shownAs("CanaryTags", "texts") }),
  Checks: many(checkSchema, { diff: shownAs("Check", { key: "Name" }) }),
  CheckRestart: one(checkRestartSchema, { stored: undefined }),
  Connect: one(connectSchema),
  Meta: textMap(),
  CanaryMeta: textMap(),
  Weights: one(schema("ServiceWeights", { Passing: count(), Warning: count() }), {
    diff: shownAs("Weights", "one"),
  }),
  TaggedAddresses: textMap(),
  Namespace: openText(),
  OnUpdate: text({ canonical: "require_healthy" }),
  Provider: text({ canonical: "consul" }),
  Cluster: text({ canonical: "default" }),
  Identity: one(identitySchema, { diff: shownAs("Identity", "one") }),
  Kind: text(),
});
