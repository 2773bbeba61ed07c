import type { LiveTemplateSources, VariableData } from "../../src/node/templates.ts";

/** Variables in memory, which templates are told of as they change. */
export class VariableTable {
  readonly #items = new Map<string, VariableData>();
  readonly #watchers = new Set<() => void>();

  readonly sources: LiveTemplateSources = {
    variable: ({ path }) => this.#items.get(path) ?? "absent",
    variables: () => [...this.#items.values()],
    service: () => [],
    services: () => [],
    watch: (changed) => {
      this.#watchers.add(changed);
      return () => this.#watchers.delete(changed);
    },
  };

  put(path: string, items: { readonly [name: string]: string }): void {
    const index = this.#items.size + 1;
    this.#items.set(path, {
      namespace: "default",
      path,
      items,
      createIndex: index,
      modifyIndex: index,
      createTimeNs: 0n,
      modifyTimeNs: 0n,
    });
    for (const changed of this.#watchers) changed();
  }
}
