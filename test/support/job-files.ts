const patient = `attempts = 3
      interval = "1m"
      delay    = "0s"
      mode     = "fail"`;

/** A service of sleeping busybox containers, as a person would write it. */
export function sleeper(
  id: string,
  options: {
    readonly count?: number;
    readonly memory?: number;
    readonly maxParallel?: number;
    readonly healthyTime?: string;
    readonly command?: string;
    readonly extra?: string;
    /** The restart policy's fields. */
    readonly restart?: string;
  } = {},
): string {
  const { count = 1, memory = 16, maxParallel = 1, healthyTime = "500ms", extra = "" } = options;
  return `
job "${id}" {
  group "g" {
    count = ${count}
    update {
      max_parallel      = ${maxParallel}
      min_healthy_time  = "${healthyTime}"
      healthy_deadline  = "20s"
      progress_deadline = "30s"
    }
    restart {
      ${options.restart ?? patient}
    }
    ${extra}
    task "t" {
      driver = "docker"
      config {
        image   = "busybox:1.36"
        command = "sh"
        args    = ["-c", "${options.command ?? "sleep 100000"}"]
      }
      kill_signal = "SIGKILL"
      resources {
        cpu    = 20
        memory = ${memory}
      }
    }
  }
}
`;
}
