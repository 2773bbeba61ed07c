import type { CaseResult } from "./play-api.ts";

/** What a later stage builds, by the scenario that waits for it. */
const later: { readonly [scenario: string]: string } = {
  "artifact-fails": "artifacts",
  "dispatch-idempotency": "dispatched and forced children",
  "lifecycle-hooks": "lifecycle hooks and leader tasks",
  "leader-task": "lifecycle hooks and leader tasks",
  "periodic-force": "dispatched and forced children",
  "template-variables": "variables",
};

export const waitsForScenario = ({ name }: CaseResult): string | undefined => later[name];
