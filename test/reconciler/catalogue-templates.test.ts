import { expect, test } from "vitest";
import { catalogueTemplates } from "../../src/reconciler/catalogue-templates.ts";
import { buildRegistered } from "../support/build-service.ts";
import { MemorySource } from "../support/memory-source.ts";

function setUp() {
  const source = new MemorySource();
  for (const one of [
    buildRegistered(1, { Tags: ["fresh", "a"] }),
    buildRegistered(2, { Tags: ["b"] }),
    buildRegistered(3, { ServiceName: "db", Tags: [] }),
  ])
    source.registered.set(one.ID, one);
  return { source, sources: catalogueTemplates(source.catalogue) };
}
const asked = {
  kind: "service",
  name: "web",
  tag: "",
  namespace: "default",
  region: "",
  choose: undefined,
} as const;

test("a template finds the instances of a service, by tag, or so many of them by key", () => {
  const { sources } = setUp();
  expect(sources.service(asked)).toMatchObject([
    { name: "web", address: "10.0.0.1", port: 20_001, jobId: "shop" },
    { port: 20_002 },
  ]);
  expect(sources.service({ ...asked, tag: "b" })).toMatchObject([{ port: 20_002 }]);
  expect(sources.service({ ...asked, choose: { count: 1, key: "k" } })).toHaveLength(1);
});

test("all names are there with the tags of all their instances", () => {
  const { sources } = setUp();
  expect(sources.services({ kind: "services", namespace: "default", region: "" })).toEqual([
    { name: "web", tags: ["fresh", "a", "b"] },
    { name: "db", tags: [] },
  ]);
});

test("a change of the catalogue wakes whoever watches", async () => {
  const { source, sources } = setUp();
  let woken = 0;
  const stop = sources.watch(() => {
    woken += 1;
  });
  await source.reportServices("", { upsert: [buildRegistered(4)], remove: [] });
  stop();
  await source.reportServices("", { upsert: [buildRegistered(5)], remove: [] });
  expect(woken).toBe(1);
});
