# The one job that `npm start` runs: two small web servers. Edit it and watch what happens.
job "hello" {
  datacenters = ["*"]

  group "web" {
    count = 2

    update {
      max_parallel     = 1
      min_healthy_time = "3s"
    }

    network {
      port "http" {
        to = 8080
      }
    }

    task "server" {
      driver = "docker"

      config {
        image   = "busybox:1.36"
        command = "sh"
        args = [
          "-c",
          "mkdir -p /local/www && echo \"$GREETING from allocation $NOMAD_ALLOC_INDEX\" > /local/www/index.html && exec httpd -f -v -p 8080 -h /local/www",
        ]
        ports = ["http"]
      }

      env {
        GREETING = "hello"
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
