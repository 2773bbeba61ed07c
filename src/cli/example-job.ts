/** The job that `job init` writes: a small web server, with or without an explanation of every part. */
export const shortExample = `job "example" {
  group "web" {
    count = 1

    shutdown_delay = "2s"

    network {
      port "http" {
        to = 8080
      }
    }

    service {
      name     = "example-web"
      port     = "http"
      provider = "nomad"

      check {
        type     = "http"
        path     = "/"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "server" {
      driver = "docker"

      config {
        image   = "busybox:1.36"
        command = "httpd"
        args    = ["-f", "-p", "8080", "-h", "/local"]
        ports   = ["http"]
      }

      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
}
`;

export const fullExample = `# A job says what should run; the cluster finds out where. Check this file with
# \`nomad job validate\`, see what it would change with \`nomad job plan\`, and run
# it with \`nomad job run\`. A copy in a watched job folder runs by itself.
job "example" {
  # "service" is kept running. Others: "batch" runs to its end, "system" runs
  # once on every node, "sysbatch" runs to its end on every node.
  type = "service"

  # Where it may run. "*" stands for any text, also inside a name.
  datacenters = ["*"]

  # More than 50 goes first when several jobs wait for room.
  priority = 50

  # Only nodes that fulfil every constraint are looked at.
  constraint {
    attribute = "\${attr.kernel.name}"
    value     = "linux"
  }

  # How a new version replaces the old one: one allocation at a time, and the
  # next only after the one before has been healthy for ten seconds.
  update {
    max_parallel      = 1
    min_healthy_time  = "10s"
    healthy_deadline  = "3m"
    progress_deadline = "10m"

    # Go back to the last good version when this one fails.
    auto_revert = true

    # Start so many of the new version beside the old ones and wait for
    # \`nomad job promote\`. Zero: no such wait.
    canary = 0
  }

  # The tasks of a group always run together on one node.
  group "web" {
    # How many of this group.
    count = 1

    # A task that fails is restarted where it is ...
    restart {
      attempts = 2
      interval = "30m"
      delay    = "15s"

      # ... and after that the allocation fails and is placed elsewhere.
      mode = "fail"
    }

    # When and how often a failed allocation is placed again.
    reschedule {
      delay          = "30s"
      delay_function = "exponential"
      max_delay      = "1h"
      unlimited      = true
    }

    # A group that stops is taken out of the services first, and its tasks are
    # told to end so much later: whoever still holds its address is served.
    shutdown_delay = "2s"

    # Scratch space on the node, shared by the tasks as NOMAD_ALLOC_DIR.
    ephemeral_disk {
      size = 300
    }

    network {
      # A free port of the node is chosen and handed to the task as
      # NOMAD_PORT_http; \`to\` is the port inside the container. With
      # \`static = 8080\` it would be that very port.
      port "http" {
        to = 8080
      }
    }

    # Others find the task by this name: \`nomad service info example-web\`.
    service {
      name     = "example-web"
      port     = "http"
      provider = "nomad"
      tags     = ["example"]

      # An allocation counts as healthy only while its checks pass.
      check {
        name     = "front page"
        type     = "http"
        path     = "/"
        interval = "10s"
        timeout  = "2s"
      }
    }

    task "server" {
      # What runs the task: "docker", "exec" or "raw_exec".
      driver = "docker"

      # These options are the driver's own.
      config {
        image   = "busybox:1.36"
        command = "httpd"
        args    = ["-f", "-p", "8080", "-h", "/local"]
        ports   = ["http"]
      }

      # A file made before the task starts, and again when what it was made
      # from changes.
      template {
        destination = "local/index.html"
        change_mode = "noop"
        data        = "Hello from {{ env \\"NOMAD_ALLOC_ID\\" }}\\n"
      }

      env {
        GREETING = "hello"
      }

      # Old output is thrown away file by file.
      logs {
        max_files     = 10
        max_file_size = 10
      }

      # How long the task may take to end before it is killed.
      kill_timeout = "5s"

      # What the task may use: MHz and MiB.
      resources {
        cpu    = 100
        memory = 64
      }
    }
  }
}
`;
