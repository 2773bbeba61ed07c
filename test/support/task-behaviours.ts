/** What a task of the driver contract does; real drivers get it as a script, the fake one knows it by name. */
export const scriptOf = {
  "greets and exits with 3": 'echo "$GREETING"; echo oops >&2; exit 3',
  "runs on": "sleep 60",
  "exits with 7 on SIGTERM": "trap 'exit 7' TERM; echo ready; while true; do sleep 0.05; done",
  "ignores signals": "trap '' TERM INT; echo ready; while true; do sleep 0.05; done",
  "exits with 0": "true",
  "exits with 1": "exit 1",
  "prints eight lines": "for n in 1 2 3 4 5 6 7 8; do echo line $n; done",
  "ends soon": "sleep 0.3",
} as const;

export type Behaviour = keyof typeof scriptOf;
export const isBehaviour = (name: unknown): name is Behaviour =>
  typeof name === "string" && Object.hasOwn(scriptOf, name);
