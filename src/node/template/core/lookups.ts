import { dependencyText } from "./dependency.ts";
import type { Dependency, ServiceDependency } from "./dependency.ts";

/** The answer is not known yet: render again when the data has changed. */
export type Missing = "missing";

export interface VariableMetadata {
  readonly namespace: string;
  readonly path: string;
  readonly createIndex: number;
  readonly modifyIndex: number;
  readonly createTimeNs: bigint;
  readonly modifyTimeNs: bigint;
}
export interface VariableData extends VariableMetadata {
  readonly items: Readonly<Record<string, string>>;
}
export interface ServiceData {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly address: string;
  readonly port: number;
  readonly datacenter: string;
  readonly tags: readonly string[];
  readonly jobId: string;
  readonly allocId: string;
}
export interface ServiceName {
  readonly name: string;
  readonly tags: readonly string[];
}
type Kind<K extends Dependency["kind"]> = Extract<Dependency, { readonly kind: K }>;

/** Where answers come from: at once and without side effects; an empty namespace or region means the task's own. */
export interface TemplateSources {
  readonly variable: (asked: Kind<"variable">) => VariableData | "absent" | Missing;
  readonly variables: (asked: Kind<"variables">) => readonly VariableMetadata[] | Missing;
  readonly service: (asked: ServiceDependency) => readonly ServiceData[] | Missing;
  readonly services: (asked: Kind<"services">) => readonly ServiceName[] | Missing;
  /** A file below the task's own folders; a fault's text where it may not be read. */
  readonly file: (asked: Kind<"file">) => FileAnswer | Missing;
}
export type FileAnswer =
  | { readonly kind: "content"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Where the task lives, for names without a namespace or region. */
export interface Home {
  readonly namespace: string;
  readonly region: string;
}

/** Asks the sources and writes down what was asked and what was not there. */
export class Lookups {
  readonly home: Home;
  readonly env: ReadonlyMap<string, string>;
  readonly #sources: TemplateSources;
  readonly #asked = new Map<string, Dependency>();
  readonly #missing = new Map<string, Dependency>();

  constructor(
    sources: TemplateSources,
    task: { readonly home: Home; readonly env: ReadonlyMap<string, string> },
  ) {
    this.#sources = sources;
    this.home = task.home;
    this.env = task.env;
  }

  get asked(): readonly Dependency[] {
    return [...this.#asked.values()];
  }

  get missing(): readonly Dependency[] {
    return [...this.#missing.values()];
  }

  /** An absent variable is not missing by itself: one may ask whether it is there. */
  variable(asked: Kind<"variable">): VariableData | undefined {
    const answer = this.#ask(asked, this.#sources.variable);
    return answer === "absent" ? undefined : answer;
  }

  variables(asked: Kind<"variables">): readonly VariableMetadata[] | undefined {
    return this.#ask(asked, this.#sources.variables);
  }

  service(asked: ServiceDependency): readonly ServiceData[] | undefined {
    return this.#ask(asked, this.#sources.service);
  }

  services(asked: Kind<"services">): readonly ServiceName[] | undefined {
    return this.#ask(asked, this.#sources.services);
  }

  file(asked: Kind<"file">): FileAnswer | undefined {
    return this.#ask(asked, this.#sources.file);
  }

  /** The text cannot be finished without this. */
  noteMissing(dependency: Dependency): void {
    this.#missing.set(dependencyText(dependency), dependency);
  }

  #ask<D extends Dependency, A>(asked: D, source: (asked: D) => A | Missing): A | undefined {
    this.#asked.set(dependencyText(asked), asked);
    const answer = source(asked);
    if (answer !== "missing") return answer;
    this.noteMissing(asked);
    return undefined;
  }
}
