import { assertNever } from "../../lib/errors.ts";
import { isDeepEqual } from "../../lib/deep-equal.ts";
import type { SourceAnswer } from "../template-work.ts";
import { dependencyText } from "./core/dependency.ts";
import type { Dependency } from "./core/dependency.ts";
import type { TemplateSources } from "./core/lookups.ts";

/** Remembers what the sources answered, so that a template is rendered again only when an answer is another one. */
export class RecordedSources implements TemplateSources {
  readonly #sources: TemplateSources;
  readonly #answers = new Map<string, SourceAnswer>();

  constructor(sources: TemplateSources) {
    this.#sources = sources;
  }

  readonly variable: TemplateSources["variable"] = (asked) =>
    this.#record(asked, this.#sources.variable(asked));
  readonly variables: TemplateSources["variables"] = (asked) =>
    this.#record(asked, this.#sources.variables(asked));
  readonly service: TemplateSources["service"] = (asked) =>
    this.#record(asked, this.#sources.service(asked));
  readonly services: TemplateSources["services"] = (asked) =>
    this.#record(asked, this.#sources.services(asked));
  readonly file: TemplateSources["file"] = (asked) =>
    this.#record(asked, this.#sources.file(asked));

  /** Would any of the questions be answered differently now? */
  hasChanged(): boolean {
    return [...this.#answers.values()].some(
      ({ asked, answer }) => !isDeepEqual(answerOf(this.#sources, asked), answer),
    );
  }

  answers(): readonly SourceAnswer[] {
    return [...this.#answers.values()];
  }

  /** Asks as a template would. */
  ask(asked: Dependency): void {
    answerOf(this, asked);
  }

  #record<A>(asked: Dependency, answer: A): A {
    this.#answers.set(dependencyText(asked), { asked, answer });
    return answer;
  }
}

function answerOf(sources: TemplateSources, asked: Dependency): unknown {
  switch (asked.kind) {
    case "variable":
      return sources.variable(asked);
    case "variables":
      return sources.variables(asked);
    case "service":
      return sources.service(asked);
    case "services":
      return sources.services(asked);
    case "file":
      return sources.file(asked);
    default:
      return assertNever(asked);
  }
}
