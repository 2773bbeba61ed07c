/** The job that `job init -connect` writes, as it is and with an explanation of its parts. */
export const fullMeshExample = `# Two groups that meet in Consul's service mesh: "front" asks "counter", and both
# only ever talk to the proxy beside them. The proxies encrypt what they carry
# and let through what the mesh's intentions allow.
job "example" {
  group "counter" {
    # The mesh needs a network of the group's own, which its proxy shares.
    network {
      mode = "bridge"
    }

    service {
      name = "example-counter"

      # Where the task listens inside that network.
      port = "9001"

      connect {
        # A proxy with its usual settings is started beside the task.
        sidecar_service {}
      }
    }

    task "counter" {
      driver = "docker"

      config {
        image   = "busybox:1.36"
        command = "httpd"
        args    = ["-f", "-p", "9001", "-h", "/local"]
      }

      resources {
        cpu    = 100
        memory = 64
      }
    }
  }

  group "front" {
    network {
      mode = "bridge"

      # This one is reached from outside of the mesh, so it has a port of the node.
      port "http" {
        to = 9002
      }
    }

    service {
      name = "example-front"
      port = "http"

      connect {
        sidecar_service {
          proxy {
            # The other service answers at this port of the task's own loopback.
            upstreams {
              destination_name = "example-counter"
              local_bind_port  = 8080
            }
          }
        }
      }
    }

    task "front" {
      driver = "docker"

      config {
        image   = "busybox:1.36"
        command = "httpd"
        args    = ["-f", "-p", "9002", "-h", "/local"]
      }

      env {
        COUNTER_URL = "http://\${NOMAD_UPSTREAM_ADDR_example_counter}"
      }

      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
}
`;

const isRemark = (line: string): boolean => line.trimStart().startsWith("#");

export const shortMeshExample = fullMeshExample
  .split("\n")
  .filter((line) => !isRemark(line))
  .join("\n");
