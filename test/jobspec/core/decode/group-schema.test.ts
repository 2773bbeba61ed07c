import { expect, test } from "vitest";
import { faultsOf, groupOf } from "../../support.ts";

test("the later of two volumes with one label wins", () => {
  const group = groupOf('volume "v" {\n source = "a"\n}\nvolume "v" {\n source = "b"\n}');
  expect(group["Volumes"]).toMatchObject({ v: { Name: "v", Source: "b" } });
});

test("scaling of a group is horizontal", () => {
  expect(groupOf("scaling {\n max = 3\n}")["Scaling"]).toMatchObject({
    Type: "horizontal",
    Max: 3,
  });
  const wrong = (inside: string) =>
    faultsOf(`job "j" {\n group "g" {\n scaling {\n ${inside}\n }\n }\n}`);
  expect(wrong('type = "x"\n max = 3')).toEqual([expect.stringContaining("t:4,9")]);
  expect(wrong("min = 1")).toEqual([
    expect.stringMatching(/^t:3,10-10: Missing required argument/),
  ]);
});

test("the type of a group's scaling may be written when it is horizontal", () => {
  expect(groupOf('scaling {\n type = "horizontal"\n max = 3\n}')["Scaling"]).toMatchObject({
    Type: "horizontal",
  });
});
