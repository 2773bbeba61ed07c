import { expect, test } from "vitest";
import { groupOf } from "../../support.ts";

test("ports with a number are reserved and the others dynamic", () => {
  const group = groupOf('network {\n port "a" {\n static = 80\n }\n port "b" {\n }\n}');
  expect(group["Networks"]).toMatchObject([
    { ReservedPorts: [{ Label: "a", Value: 80 }], DynamicPorts: [{ Label: "b", Value: 0 }] },
  ]);
});

test("reserved_ports keep their place beside other ports", () => {
  const text =
    'reserved_ports "r" {\n static = 1\n }\n port "a" {\n static = 80\n }\n port "b" {\n }';
  expect(groupOf(`network {\n ${text}\n}`)["Networks"]).toMatchObject([
    {
      ReservedPorts: [
        { Label: "r", Value: 1 },
        { Label: "a", Value: 80 },
      ],
      DynamicPorts: [{ Label: "b", Value: 0 }],
    },
  ]);
});
