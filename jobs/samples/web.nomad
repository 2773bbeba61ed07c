# A web server on a fixed port (curl 127.0.0.1:8088), replaced one at a time when you change it.
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
        command = "sh"
        args    = ["-c", "mkdir -p /local/www && echo web works > /local/www/index.html && exec httpd -f -v -p 8080 -h /local/www"]
        ports   = ["http"]
      }

      resources {
        cpu    = 50
        memory = 32
      }
    }
  }
}
