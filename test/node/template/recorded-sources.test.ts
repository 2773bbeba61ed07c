import { expect, test } from "vitest";
import { RecordedSources } from "../../../src/node/template/recorded-sources.ts";
import { noSources } from "../../support/render-template.ts";

test("only another answer to what was asked counts as a change", () => {
  let port = 1;
  const service = {
    id: "s",
    name: "web",
    node: "n",
    address: "a",
    datacenter: "d",
    tags: [],
    jobId: "j",
    allocId: "x",
  };
  const recorded = new RecordedSources({
    ...noSources,
    service: ({ name }) => (name === "web" ? [{ ...service, port }] : "missing"),
    variable: () => "absent",
  });
  const asked = { kind: "service", tag: "", namespace: "", region: "", choose: undefined } as const;
  recorded.service({ ...asked, name: "web" });
  recorded.variable({ kind: "variable", path: "p", namespace: "default", region: "global" });
  expect(recorded.hasChanged()).toBe(false);
  port = 2;
  expect(recorded.hasChanged()).toBe(true);
});
