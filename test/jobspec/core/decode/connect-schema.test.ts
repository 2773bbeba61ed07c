import { expect, test } from "vitest";
import { groupOf } from "../../support.ts";

test("a sidecar keeps its upstreams in order", () => {
  const group = groupOf(
    'service {\n connect {\n sidecar_service {\n proxy {\n upstreams {\n destination_name = "a"\n local_bind_port = 1\n }\n upstreams {\n destination_name = "b"\n }\n }\n }\n }\n}',
  );
  expect(group["Services"]).toMatchObject([
    {
      Connect: {
        Native: false,
        SidecarService: {
          Proxy: {
            Upstreams: [{ DestinationName: "a", LocalBindPort: 1 }, { DestinationName: "b" }],
          },
        },
      },
    },
  ]);
});

const connectOf = (inside: string): unknown => {
  const services = groupOf(`service {\n connect {\n ${inside}\n }\n}`)["Services"];
  return Array.isArray(services) ? Object(services[0])["Connect"] : undefined;
};

test("every setting of an upstream and of a proxy is read", () => {
  expect(
    connectOf(`sidecar_service {
      tags = ["a"]
      port = "p"
      disable_default_tcp_check = true
      meta {
        k = "v"
      }
      proxy {
        local_service_address = "127.0.0.1"
        local_service_port = 80
        config {
          timeout = 3
        }
        expose {
          path {
            path = "/health"
            protocol = "http"
            local_path_port = 8080
            listener_port = "health"
          }
        }
        transparent_proxy {
          uid = "101"
          outbound_port = 15001
          exclude_inbound_ports = ["22"]
          exclude_outbound_ports = [80]
          exclude_outbound_cidrs = ["10.0.0.0/8"]
          exclude_uids = ["0"]
          no_dns = true
        }
        upstreams {
          destination_name = "db"
          destination_namespace = "n"
          destination_peer = "peer"
          destination_type = "service"
          destination_partition = "part"
          local_bind_port = 5432
          datacenter = "dc2"
          local_bind_address = "127.0.0.2"
          local_bind_socket_path = "/tmp/s"
          local_bind_socket_mode = "0600"
          mesh_gateway {
            mode = "local"
          }
          config {
            retries = 2
          }
        }
      }
    }`),
  ).toEqual({
    Native: false,
    SidecarService: {
      Tags: ["a"],
      Port: "p",
      DisableDefaultTCPCheck: true,
      Meta: { k: "v" },
      Proxy: {
        LocalServiceAddress: "127.0.0.1",
        LocalServicePort: 80,
        Config: { timeout: 3 },
        Expose: {
          Paths: [
            { Path: "/health", Protocol: "http", LocalPathPort: 8080, ListenerPort: "health" },
          ],
        },
        TransparentProxy: {
          UID: "101",
          OutboundPort: 15001,
          ExcludeInboundPorts: ["22"],
          ExcludeOutboundPorts: [80],
          ExcludeOutboundCIDRs: ["10.0.0.0/8"],
          ExcludeUIDs: ["0"],
          NoDNS: true,
        },
        Upstreams: [
          {
            DestinationName: "db",
            DestinationNamespace: "n",
            DestinationPeer: "peer",
            DestinationType: "service",
            DestinationPartition: "part",
            LocalBindPort: 5432,
            Datacenter: "dc2",
            LocalBindAddress: "127.0.0.2",
            LocalBindSocketPath: "/tmp/s",
            LocalBindSocketMode: "0600",
            MeshGateway: { Mode: "local" },
            Config: { retries: 2 },
          },
        ],
      },
    },
  });
});

test("every setting of a gateway is read", () => {
  expect(
    connectOf(`gateway {
      proxy {
        connect_timeout = "5s"
        envoy_gateway_bind_tagged_addresses = true
        envoy_gateway_no_default_bind = true
        envoy_dns_discovery_type = "STRICT_DNS"
        envoy_gateway_bind_addresses "x" {
          address = "10.0.0.1"
          port = 8443
        }
        config {
          a = 1
        }
      }
      ingress {
        tls {
          enabled = true
          tls_min_version = "TLSv1_2"
          tls_max_version = "TLSv1_3"
          cipher_suites = ["c"]
          sds {
            cluster_name = "sds"
            cert_resource = "cert"
          }
        }
        listener {
          port = 80
          protocol = "http"
          service {
            name = "web"
            hosts = ["h"]
            max_connections = 1
            max_pending_requests = 2
            max_concurrent_requests = 3
            tls {
              enabled = true
            }
            request_headers {
              add {
                A = "1"
              }
              set {
                B = "2"
              }
              remove = ["C"]
            }
            response_headers {
              remove = ["D"]
            }
          }
        }
      }
      terminating {
        service {
          name = "old"
          ca_file = "ca"
          cert_file = "cert"
          key_file = "key"
          sni = "sni"
        }
      }
      mesh {}
    }`),
  ).toMatchObject({
    Gateway: {
      Proxy: {
        ConnectTimeout: 5e9,
        EnvoyGatewayBindTaggedAddresses: true,
        EnvoyGatewayNoDefaultBind: true,
        EnvoyDNSDiscoveryType: "STRICT_DNS",
        EnvoyGatewayBindAddresses: { x: { Name: "x", Address: "10.0.0.1", Port: 8443 } },
        Config: { a: 1 },
      },
      Ingress: {
        TLS: {
          Enabled: true,
          TLSMinVersion: "TLSv1_2",
          TLSMaxVersion: "TLSv1_3",
          CipherSuites: ["c"],
          SDS: { ClusterName: "sds", CertResource: "cert" },
        },
        Listeners: [
          {
            Port: 80,
            Protocol: "http",
            Services: [
              {
                Name: "web",
                Hosts: ["h"],
                MaxConnections: 1,
                MaxPendingRequests: 2,
                MaxConcurrentRequests: 3,
                TLS: { Enabled: true },
                RequestHeaders: { Add: { A: "1" }, Set: { B: "2" }, Remove: ["C"] },
                ResponseHeaders: { Remove: ["D"] },
              },
            ],
          },
        ],
      },
      Terminating: {
        Services: [{ Name: "old", CAFile: "ca", CertFile: "cert", KeyFile: "key", SNI: "sni" }],
      },
      Mesh: {},
    },
  });
});

test("every setting of a sidecar's own task is read", () => {
  expect(
    connectOf(`native = true
    sidecar_task {
      name = "n"
      driver = "docker"
      user = "u"
      kill_timeout = "6s"
      shutdown_delay = "7s"
      kill_signal = "SIGTERM"
      config {
        image = "i"
      }
      env {
        E = "e"
      }
      meta {
        M = "m"
      }
      resources {
        cpu = 11
      }
      logs {
        max_files = 2
      }
      volume_mount {
        volume = "v"
      }
      identity {
        name = "id"
      }
    }`),
  ).toMatchObject({
    Native: true,
    SidecarTask: {
      Name: "n",
      Driver: "docker",
      User: "u",
      KillTimeout: 6e9,
      ShutdownDelay: 7e9,
      KillSignal: "SIGTERM",
      Config: { image: "i" },
      Env: { E: "e" },
      Meta: { M: "m" },
      Resources: { CPU: 11 },
      LogConfig: { MaxFiles: 2 },
      VolumeMounts: [{ Volume: "v" }],
      Identities: [{ Name: "id" }],
    },
  });
});
