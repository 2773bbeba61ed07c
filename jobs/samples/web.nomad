# A web server on a fixed port, replaced one at a time when you change it.
job "web" {
  datacenters = ["*"]

  group "web" {
    count = 1

    network {
      port "http" {
        static = 8088
        to     = 8080
      }
    }

    task "httpd" {
      driver = "docker"

      config {
        image   = "busybox:1.36"
        command = "httpd"
        args    = ["-f", "-v", "-p", "8080", "-h", "/local"]
        ports   = ["http"]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
