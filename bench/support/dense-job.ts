/** Jobs whose API body is about `bytes` long, each dense in its own way. None of them fits any node. */
export interface DenseShape {
  readonly name: string;
  readonly body: (id: string, bytes: number) => DenseBody;
}
export interface DenseBody {
  readonly Job: { readonly ID: string; readonly [field: string]: unknown };
}

export const denseShapes: readonly DenseShape[] = [
  {
    name: "many small groups",
    body: (id, bytes) =>
      jobOf(id, { TaskGroups: filled(bytes, (n) => groupOf(`g${n}`, [taskOf("t")])) }),
  },
  {
    name: "one group of many tasks",
    body: (id, bytes) =>
      jobOf(id, {
        TaskGroups: [
          groupOf(
            "group",
            filled(bytes, (n) => taskOf(`t${n}`)),
          ),
        ],
      }),
  },
  {
    name: "many variables",
    body: (id, bytes) =>
      jobOf(id, { TaskGroups: [groupOf("group", [{ ...taskOf("t"), Env: mapOf(bytes) }])] }),
  },
  {
    name: "one huge template",
    body: (id, bytes) => {
      const Templates = [
        { DestPath: "local/a", EmbeddedTmpl: "line of text\n".repeat(bytes / 13) },
      ];
      return jobOf(id, { TaskGroups: [groupOf("group", [{ ...taskOf("t"), Templates }])] });
    },
  },
  {
    name: "large meta",
    body: (id, bytes) =>
      jobOf(id, { TaskGroups: [groupOf("group", [taskOf("t")])], Meta: mapOf(bytes) }),
  },
];

/** The same as a job file: blocks for groups, tasks and maps. */
export function denseFile(id: string, bytes: number): string {
  const groups = filled(
    bytes,
    (n) => n,
    (n) => fileGroup(n).length,
  );
  return `job ${JSON.stringify(id)} {
  datacenters = ["dc1"]
  constraint {
    attribute = "\${attr.kernel.name}"
    value     = "none"
  }
${groups.map(fileGroup).join("")}}
`;
}

const fileGroup = (n: number): string => `  group "g${n}" {
    # What runs beside the others of the team, and is asked for by nobody else.
    ephemeral_disk {
      size = 300
    }
    task "t" {
      driver = "raw_exec"
      config {
        command = "/bin/sh"
        args    = ["-c", "exec sleep 3600 # ${n}"]
      }
      env {
        MODE  = "production"
        NAME  = "g${n}"
        LEVEL = "info"
      }
      logs {
        max_files     = 1
        max_file_size = 1
      }
      resources {
        cpu    = 1
        memory = 10
      }
    }
  }
`;

const jobOf = (id: string, fields: object): DenseBody => ({
  Job: {
    ID: id,
    Name: id,
    Type: "service",
    Datacenters: ["dc1"],
    Constraints: [{ LTarget: "${attr.kernel.name}", RTarget: "none", Operand: "=" }],
    ...fields,
  },
});

const groupOf = (name: string, tasks: readonly object[]): object => ({
  Name: name,
  Count: 1,
  // Room for the logs of every task.
  EphemeralDisk: { SizeMB: Math.max(300, tasks.length) },
  Tasks: tasks,
});

const taskOf = (name: string): object => ({
  Name: name,
  Driver: "raw_exec",
  Config: { command: "/bin/sh", args: ["-c", `exec sleep 3600 # ${name}`] },
  Env: { MODE: "production", NAME: name, LEVEL: "info" },
  LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
  Resources: { CPU: 1, MemoryMB: 10 },
});

const mapOf = (bytes: number): Record<string, string> =>
  Object.fromEntries(filled(bytes, (n) => [`VARIABLE_${n}`, `the value of ${n}`] as const));

/** As many as make up so many bytes of JSON. */
function filled<T>(
  bytes: number,
  make: (n: number) => T,
  lengthOf = (_n: number, one: T): number => JSON.stringify(one).length + 1,
): readonly T[] {
  const all: T[] = [];
  for (let length = 0; length < bytes;) {
    const one = make(all.length);
    length += lengthOf(all.length, one);
    all.push(one);
  }
  return all;
}
