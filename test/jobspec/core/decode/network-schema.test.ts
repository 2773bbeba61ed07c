import { expect, test } from "vitest";
import { groupOf } from "../../support.ts";

test("ports with a number are reserved and the others dynamic", () => {
  const group = groupOf('network {\n port "a" {\n static = 80\n }\n port "b" {\n }\n}');
  expect(group["Networks"]).toMatchObject([
    { ReservedPorts: [{ Label: "a", Value: 80 }], DynamicPorts: [{ Label: "b", Value: 0 }] },
  ]);
});
