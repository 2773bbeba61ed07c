const taskBase = {
  LogConfig: { MaxFiles: 1, MaxFileSizeMB: 1 },
  Resources: { CPU: 20, MemoryMB: 16 },
};
const disk = { SizeMB: 10 };
const busybox = (script: string): object => ({
  image: "busybox:1.36",
  command: "sh",
  args: ["-c", script],
});
const untilKilled = "trap : USR1; while :; do sleep 1000 & wait $!; done";
const job = (ID: string, groups: readonly object[], Type = "service"): object => ({
  Job: { ID, Name: ID, Type, Datacenters: ["*"], TaskGroups: groups },
});
const quick = {
  MaxParallel: 1,
  MinHealthyTime: 1e8,
  HealthyDeadline: 60e9,
  ProgressDeadline: 90e9,
  HealthCheck: "task_states",
};
const ownNetwork = [{ Mode: "bridge", DynamicPorts: [{ Label: "http", To: 80 }] }];

/** Runs before, while and after everything else, and must not notice any of it. */
export const calmJob = (): object =>
  job("calm", [
    {
      Name: "plain",
      EphemeralDisk: disk,
      Tasks: [{ Name: "t", Driver: "docker", Config: busybox("sleep 100000"), ...taskBase }],
    },
    {
      Name: "bridged",
      EphemeralDisk: disk,
      Networks: ownNetwork,
      Tasks: [{ Name: "t", Driver: "docker", Config: busybox("sleep 100000"), ...taskBase }],
    },
  ]);

/** Pulled from a registry, in a network of its own, with a template, an artifact, a volume and a service. */
export const appJob = (image: string, artifact: string): object =>
  job("app", [
    {
      Name: "g",
      Count: 2,
      Update: quick,
      EphemeralDisk: { ...disk, Sticky: true },
      Networks: ownNetwork,
      Volumes: { kept: { Name: "kept", Type: "host", Source: "kept" } },
      Services: [{ Name: "app", PortLabel: "http", Provider: "nomad" }],
      Tasks: [
        {
          Name: "t",
          Driver: "docker",
          Config: { image },
          KillSignal: "SIGKILL",
          Templates: [
            {
              EmbeddedTmpl: '{{ env "NOMAD_ALLOC_ID" }}',
              DestPath: "local/id",
              ChangeMode: "noop",
            },
          ],
          Artifacts: [{ GetterSource: artifact, GetterMode: "file", RelativeDest: "local/words" }],
          VolumeMounts: [{ Volume: "kept", Destination: "/kept" }],
          ...taskBase,
        },
      ],
    },
  ]);

/** From an archive that it brings along; commands run in it and signals reach it. */
export const toolJob = (archive: string): object =>
  job("tool", [
    {
      Name: "g",
      EphemeralDisk: disk,
      Tasks: [
        {
          Name: "t",
          Driver: "docker",
          Config: { ...busybox(untilKilled), load: "busybox.image" },
          KillSignal: "SIGKILL",
          KillTimeout: 2e9,
          Artifacts: [
            { GetterSource: archive, GetterMode: "file", RelativeDest: "local/busybox.image" },
          ],
          ...taskBase,
        },
      ],
    },
  ]);

/** Is asked to end in the engine's own way. */
export const politeJob = (): object =>
  job("polite", [
    {
      Name: "g",
      EphemeralDisk: disk,
      Tasks: [
        {
          Name: "t",
          Driver: "docker",
          Config: busybox("sleep 100000"),
          KillTimeout: 2e8,
          ...taskBase,
        },
      ],
    },
  ]);

/** Ends by itself. */
export const onceJob = (): object =>
  job(
    "once",
    [
      {
        Name: "g",
        EphemeralDisk: disk,
        Tasks: [{ Name: "t", Driver: "docker", Config: busybox("echo done"), ...taskBase }],
      },
    ],
    "batch",
  );
