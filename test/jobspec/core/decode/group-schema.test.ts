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
  expect(faultsOf('job "j" {\n group "g" {\n scaling {\n type = "x"\n }\n }\n}')[0]).toContain(
    "t:4,9",
  );
});

test("the type of a group's scaling may be written when it is horizontal", () => {
  expect(groupOf('scaling {\n type = "horizontal"\n max = 3\n}')["Scaling"]).toMatchObject({
    Type: "horizontal",
  });
});
