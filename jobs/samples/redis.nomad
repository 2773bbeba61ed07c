# Needs the image redis:7: `npm start -- --with-redis` pulls it, or makes it from Debian's package.
# Six redis servers, rolled over two at a time. Change the memory and drop the file again to see it.
job "redis" {
  datacenters = ["*"]

  group "cache" {
    count = 6

    update {
      max_parallel     = 2
      min_healthy_time = "5s"
      healthy_deadline = "1m"
    }

    network {
      port "db" {
        to = 6379
      }
    }

    task "redis" {
      driver = "docker"

      config {
        image = "redis:7"
        ports = ["db"]
      }

      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
}
