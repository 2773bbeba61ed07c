# A job without Docker: a shell loop that writes a line each second. See it with `nomad alloc logs -f ALLOC`.
job "ticker" {
  datacenters = ["*"]

  group "ticker" {
    task "tick" {
      driver = "raw_exec"

      config {
        command = "/bin/sh"
        args    = ["-c", "n=0; while true; do n=$((n+1)); echo tick $n; sleep 1; done"]
      }
    }
  }
}
