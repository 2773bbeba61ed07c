import { AppError } from "../../src/lib/errors.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { Allocation } from "../../src/model/allocation.ts";
import type { Deployment, DeploymentState } from "../../src/model/deployment.ts";
import { isDeploymentActive } from "../../src/model/deployment.ts";
import type { Evaluation } from "../../src/model/evaluation.ts";
import type { JobKey } from "../../src/model/ids.ts";
import type { Job } from "../../src/model/job.ts";
import type { Node } from "../../src/model/node.ts";
import { formatTimeNs } from "../../src/reconciler/core/cluster/reschedule.ts";
import { createChangeFeed } from "../../src/store/changes.ts";
import type { Change } from "../../src/store/changes.ts";
import type { CommandBodies, CommandType } from "../../src/store/commands.ts";
import type { StateReader } from "../../src/store/reader.ts";
import type { Store, Written } from "../../src/store/store.ts";

type Handlers = { [K in CommandType]?: (body: CommandBodies[K]) => unknown };

/** A small store in memory with the meaning of the real one, for the commands that the leader's loops use. */
export class FakeStore implements Store {
  readonly changes = createChangeFeed();
  readonly written: { readonly type: CommandType; readonly body: unknown }[] = [];
  readonly jobs = new Map<string, Job[]>();
  readonly allocations = new Map<string, Allocation>();
  readonly evaluations = new Map<string, Evaluation>();
  readonly deployments = new Map<string, Deployment>();
  readonly nodes = new Map<string, Node>();
  readonly read: StateReader;
  readonly leadership: Store["leadership"];
  /** Called before each write; may throw to play a failing log. */
  beforeWrite: ((type: CommandType) => void) | undefined;
  /** Called after each applied command: a place for invariants. */
  afterWrite: ((type: CommandType) => void) | undefined;
  #index = 10;
  #touched: Change[] = [];
  #isLeader = true;
  readonly #listeners = new Set<(isLeader: boolean) => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.read = this.#reader();
    this.leadership = {
      isLeader: () => this.#isLeader,
      leaderId: () => "fake",
      subscribe: (listener) => {
        this.#listeners.add(listener);
        listener(this.#isLeader);
        return () => {
          this.#listeners.delete(listener);
        };
      },
    };
  }

  setLeader(isLeader: boolean): void {
    this.#isLeader = isLeader;
    for (const listener of this.#listeners) listener(isLeader);
  }

  async write<K extends CommandType>(type: K, body: CommandBodies[K]): Promise<Written<K>> {
    await Promise.resolve();
    this.beforeWrite?.(type);
    const handler: ((given: CommandBodies[K]) => unknown) | undefined = this.#handlers[type];
    if (!handler) throw new AppError("unsupported", `the fake store knows no ${type}`);
    this.#index += 1;
    this.written.push({ type, body });
    const outcome = handler(body) as Written<K>["outcome"];
    const batch = { index: this.#index, changes: this.#touched };
    this.#touched = [];
    this.changes.publish(batch);
    this.afterWrite?.(type);
    return { index: batch.index, outcome };
  }

  readonly #handlers: Handlers = {
    "job.register": ({ job, evaluation }) => {
      const written = this.#putJob(job);
      if (evaluation)
        this.#putEvaluations([{ ...evaluation, JobModifyIndex: written.JobModifyIndex }]);
      return { version: written.Version, jobModifyIndex: written.JobModifyIndex, changed: true };
    },
    "job.deregister": ({ key, purge, evaluation }) => {
      const job = this.read.job(key);
      if (job && purge) this.jobs.delete(keyText(key));
      else if (job) this.#putJob({ ...job, Stop: true });
      if (evaluation) this.#putEvaluations([evaluation]);
      return { found: job !== undefined, jobModifyIndex: this.#index };
    },
    "evaluation.upsert": ({ evaluations }) => this.#putEvaluations(evaluations),
    "plan.apply": (body) => this.#applyPlan(body),
    "allocation.report": ({ reports, evaluations }) => {
      for (const report of reports) {
        const before = this.allocations.get(report.id);
        if (!before) continue;
        const health = report.health;
        const after: Allocation = {
          ...before,
          ClientStatus: report.clientStatus,
          ClientDescription: report.clientDescription,
          TaskStates: report.taskStates,
          DeploymentStatus: health
            ? {
                Canary: false,
                ...before.DeploymentStatus,
                Healthy: health.healthy,
                Timestamp: health.at,
                ModifyIndex: this.#index,
              }
            : before.DeploymentStatus,
        };
        this.#putAllocation(after, false);
        this.#countHealth(before, after);
      }
      return this.#putEvaluations(evaluations);
    },
    "allocation.transition": ({ transitions, evaluations }) => {
      for (const { allocationId, transition } of transitions) {
        const before = this.allocations.get(allocationId);
        if (before)
          this.#putAllocation({
            ...before,
            DesiredTransition: { ...before.DesiredTransition, ...transition },
          });
      }
      return this.#putEvaluations(evaluations);
    },
    "deployment.status": ({ update, job, markStable, evaluations }) => {
      const deployment = this.deployments.get(update.deploymentId);
      if (!deployment) return { refused: "not-found", detail: "" };
      if (!isDeploymentActive(deployment)) return { refused: "terminal", detail: "" };
      this.#putDeployment({
        ...deployment,
        Status: update.status,
        StatusDescription: update.statusDescription,
      });
      if (markStable) this.#markStable(deployment);
      if (job) this.#putJob(job);
      return this.#putEvaluations(evaluations);
    },
    "deployment.promote": ({ deploymentId, evaluations }) => {
      const deployment = this.deployments.get(deploymentId);
      if (!deployment) return { refused: "not-found", detail: "" };
      const groups = Object.entries(deployment.TaskGroups);
      for (const [, state] of groups)
        for (const id of state.PlacedCanaries ?? []) {
          const canary = this.allocations.get(id);
          if (canary?.DeploymentStatus)
            this.#putAllocation({
              ...canary,
              DeploymentStatus: { ...canary.DeploymentStatus, Canary: false },
            });
        }
      this.#putDeployment({
        ...deployment,
        StatusDescription: "Deployment is running",
        TaskGroups: Object.fromEntries(
          groups.map(([name, state]) => [name, { ...state, Promoted: true }]),
        ),
      });
      return this.#putEvaluations(evaluations);
    },
    "node.register": ({ node, evaluations }) => {
      this.#putNode({ ...this.nodes.get(node.ID), ...node });
      return this.#putEvaluations(evaluations);
    },
    "node.drain": ({ nodeId, strategy, evaluations }) => {
      const node = this.nodes.get(nodeId);
      if (!node) return { refused: "not-found", detail: "" };
      this.#putNode({ ...node, DrainStrategy: strategy, SchedulingEligibility: "ineligible" });
      return this.#putEvaluations(evaluations);
    },
    "node.eligibility": ({ nodeId, eligibility, evaluations }) => {
      const node = this.nodes.get(nodeId);
      if (!node) return { refused: "not-found", detail: "" };
      this.#putNode({ ...node, SchedulingEligibility: eligibility });
      return this.#putEvaluations(evaluations);
    },
    "node.status": ({ nodeId, status, description, evaluations }) => {
      const node = this.nodes.get(nodeId);
      if (!node) return { refused: "not-found", detail: "" };
      this.#putNode({ ...node, Status: status, StatusDescription: description });
      return this.#putEvaluations(evaluations);
    },
  };

  #applyPlan({ plan, evaluations }: CommandBodies["plan.apply"]): unknown {
    for (const update of plan.deploymentUpdates) {
      const deployment = this.deployments.get(update.deploymentId);
      if (deployment)
        this.#putDeployment({
          ...deployment,
          Status: update.status,
          StatusDescription: update.statusDescription,
        });
    }
    if (plan.createDeployment)
      this.#putDeployment({ ...plan.createDeployment, CreateIndex: this.#index });
    for (const stop of plan.stop) {
      const before = this.allocations.get(stop.allocationId);
      if (!before) continue;
      this.#putAllocation({
        ...before,
        DesiredStatus: stop.desiredStatus,
        DesiredDescription: stop.desiredDescription,
        ClientStatus: stop.clientStatus ?? before.ClientStatus,
      });
    }
    for (const { allocationId, evaluationId } of plan.followUps) {
      const before = this.allocations.get(allocationId);
      if (before) this.#putAllocation({ ...before, FollowupEvalID: evaluationId });
    }
    for (const update of plan.updateInPlace) {
      const before = this.allocations.get(update.allocationId);
      if (!before) continue;
      const joins = update.deploymentId !== before.DeploymentID;
      const after: Allocation = {
        ...before,
        EvalID: plan.evaluationId,
        JobVersion: update.jobVersion,
        DeploymentID: update.deploymentId,
        DeploymentStatus: joins ? null : before.DeploymentStatus,
      };
      this.#putAllocation(after);
      if (joins) this.#countPlaced(after);
    }
    for (const placed of plan.place) {
      this.#putAllocation({ ...placed, CreateIndex: this.#index });
      this.#countPlaced(placed);
      const before = this.allocations.get(placed.PreviousAllocation ?? "");
      if (before) this.#putAllocation({ ...before, NextAllocation: placed.ID });
    }
    this.#putEvaluations(plan.createEvaluations);
    return this.#putEvaluations(evaluations);
  }

  #putJob(job: Job): Job {
    const key = keyText({ namespace: job.Namespace, id: job.ID });
    const versions = this.jobs.get(key) ?? [];
    const present = versions[0];
    const written: Job = {
      ...job,
      Version: present ? present.Version + 1 : 0,
      Stable: false,
      CreateIndex: present?.CreateIndex ?? this.#index,
      ModifyIndex: this.#index,
      JobModifyIndex: this.#index,
    };
    this.jobs.set(key, [written, ...versions]);
    this.#touched.push({ table: "jobs", key: `${job.Namespace}/${job.ID}` });
    return written;
  }

  #markStable(deployment: Deployment): void {
    const key = keyText({ namespace: deployment.Namespace, id: deployment.JobID });
    const versions = this.jobs.get(key) ?? [];
    this.jobs.set(
      key,
      versions.map((job) =>
        job.Version === deployment.JobVersion ? { ...job, Stable: true } : job,
      ),
    );
  }

  #putEvaluations(evaluations: readonly Evaluation[]): unknown {
    for (const evaluation of evaluations) {
      const before = this.evaluations.get(evaluation.ID);
      this.evaluations.set(evaluation.ID, {
        ...evaluation,
        CreateIndex: before?.CreateIndex ?? this.#index,
        ModifyIndex: this.#index,
      });
      this.#touched.push({ table: "evaluations", key: evaluation.ID });
    }
    return { ok: true };
  }

  #putAllocation(allocation: Allocation, byServer = true): void {
    this.allocations.set(allocation.ID, {
      ...allocation,
      ModifyIndex: this.#index,
      AllocModifyIndex: byServer ? this.#index : allocation.AllocModifyIndex,
    });
    this.#touched.push({ table: "allocations", key: allocation.ID });
  }

  #putDeployment(deployment: Deployment): void {
    this.deployments.set(deployment.ID, { ...deployment, ModifyIndex: this.#index });
    this.#touched.push({ table: "deployments", key: deployment.ID });
  }

  #putNode(node: Node): void {
    this.nodes.set(node.ID, { ...node, ModifyIndex: this.#index });
    this.#touched.push({ table: "nodes", key: node.ID });
  }

  #countPlaced(allocation: Allocation): void {
    this.#changeGroup(allocation, (state) => ({
      ...state,
      PlacedAllocs: state.PlacedAllocs + 1,
      PlacedCanaries:
        allocation.DeploymentStatus?.Canary === true
          ? [...(state.PlacedCanaries ?? []), allocation.ID]
          : state.PlacedCanaries,
      RequireProgressBy: state.RequireProgressBy ?? this.#deadline(state),
    }));
  }

  #countHealth(before: Allocation, after: Allocation): void {
    const [was, is] = [before.DeploymentStatus?.Healthy, after.DeploymentStatus?.Healthy];
    if (was === is || typeof is !== "boolean") return;
    this.#changeGroup(after, (state) => ({
      ...state,
      HealthyAllocs: state.HealthyAllocs + Number(is) - Number(was === true),
      UnhealthyAllocs: state.UnhealthyAllocs + Number(!is) - Number(was === false),
      RequireProgressBy: is ? this.#deadline(state) : state.RequireProgressBy,
    }));
  }

  #changeGroup(allocation: Allocation, change: (state: DeploymentState) => DeploymentState): void {
    const deployment = this.deployments.get(allocation.DeploymentID ?? "");
    const state = deployment?.TaskGroups[allocation.TaskGroup];
    if (!deployment || !state) return;
    this.#putDeployment({
      ...deployment,
      TaskGroups: { ...deployment.TaskGroups, [allocation.TaskGroup]: change(state) },
    });
  }

  #deadline(state: DeploymentState): string | null {
    return state.ProgressDeadline === 0
      ? null
      : formatTimeNs(this.#clock.nowNs() + state.ProgressDeadline);
  }

  #reader(): StateReader {
    const ofJob = <T extends { readonly Namespace: string; readonly JobID: string }>(
      all: Iterable<T>,
      key: JobKey,
    ): T[] => [...all].filter((x) => x.Namespace === key.namespace && x.JobID === key.id);
    const version = (key: JobKey, wanted: number, createIndex?: number): Job | undefined =>
      this.jobs
        .get(keyText(key))
        ?.find(
          (job) =>
            job.Version === wanted &&
            (createIndex === undefined || job.CreateIndex === createIndex),
        );
    const none = (): never => {
      throw new AppError("unsupported", "the fake store has no such read");
    };
    return {
      tableIndex: () => this.#index,
      job: (key) => this.jobs.get(keyText(key))?.[0],
      jobs: () => [...this.jobs.values()].flatMap((versions) => versions.slice(0, 1)),
      jobVersion: version,
      jobVersions: (key) => this.jobs.get(keyText(key)) ?? [],
      jobSummary: none,
      jobSubmission: none,
      scalingEvents: none,
      jobChildren: none,
      allocation: (id) => this.allocations.get(id),
      allocations: () => [...this.allocations.values()],
      allocationsByJob: (key) => ofJob(this.allocations.values(), key),
      allocationsByNode: (id) => [...this.allocations.values()].filter((a) => a.NodeID === id),
      allocationsByEvaluation: none,
      allocationsByDeployment: (id) =>
        [...this.allocations.values()].filter((a) => a.DeploymentID === id),
      jobOfAllocation: (a) =>
        version({ namespace: a.Namespace, id: a.JobID }, a.JobVersion, a.JobCreateIndex),
      evaluation: (id) => this.evaluations.get(id),
      evaluations: () => [...this.evaluations.values()],
      evaluationsByJob: (key) => ofJob(this.evaluations.values(), key),
      evaluationsByStatus: (status) =>
        [...this.evaluations.values()].filter((e) => e.Status === status),
      deployment: (id) => this.deployments.get(id),
      deployments: () => [...this.deployments.values()],
      deploymentsByJob: (key) => ofJob(this.deployments.values(), key),
      latestDeployment: (key) =>
        ofJob(this.deployments.values(), key)
          .toSorted((a, b) => a.CreateIndex - b.CreateIndex)
          .at(-1),
      activeDeployments: () => [...this.deployments.values()].filter(isDeploymentActive),
      node: (id) => this.nodes.get(id),
      nodes: () => [...this.nodes.values()],
      jobSources: none,
      namespace: none,
      namespaces: none,
      nodePool: none,
      nodePools: none,
      schedulerConfig: () => ({
        SchedulerAlgorithm: "binpack",
        PreemptionConfig: {
          SystemSchedulerEnabled: false,
          SysBatchSchedulerEnabled: false,
          BatchSchedulerEnabled: false,
          ServiceSchedulerEnabled: false,
        },
        MemoryOversubscriptionEnabled: false,
        RejectJobRegistration: false,
        PauseEvalBroker: false,
        NodeLimitForFeasibilityChecks: 0,
        CreateIndex: 1,
        ModifyIndex: 1,
      }),
    };
  }
}

const keyText = (key: JobKey): string => `${key.namespace}\n${key.id}`;
