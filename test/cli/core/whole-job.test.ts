import { expect, test } from "vitest";
import { wholeJob } from "../../../src/cli/core/whole-job.ts";

const network = { CIDR: "", Device: "", Hostname: "", IP: "", Mode: "" };
const port = { HostNetwork: "", IgnoreCollision: false, To: 0, Value: 0 };

test("fills in what the wire left out, at every depth, and keeps what it said", () => {
  const whole = wholeJob({
    ID: "x",
    TaskGroups: [
      {
        Name: "web",
        Networks: [{ Mode: "bridge", DynamicPorts: [{ Label: "http", To: 80 }] }],
        Scaling: { Min: 1 },
        Services: [{ Name: "s", Namespace: "default", Checks: [{ Type: "tcp" }] }],
        Tasks: [{ Name: "t", Resources: { CPU: 1, Networks: [{ MBits: 1 }] } }],
      },
    ],
  });
  expect(whole).toEqual({
    ID: "x",
    TaskGroups: [
      {
        Name: "web",
        Networks: [
          { ...network, Mode: "bridge", DynamicPorts: [{ ...port, Label: "http", To: 80 }] },
        ],
        Scaling: { Namespace: "", Min: 1 },
        Services: [{ Name: "s", Checks: [{ Advertise: "", Type: "tcp" }] }],
        Tasks: [{ Name: "t", Resources: { CPU: 1, Networks: [{ ...network, MBits: 1 }] } }],
      },
    ],
  });
});

test("null and nothing stay what they are", () => {
  expect(wholeJob({ ID: "x", TaskGroups: null })).toEqual({ ID: "x", TaskGroups: null });
  expect(wholeJob({ TaskGroups: [{ Networks: null, Scaling: null, Tasks: null }] })).toEqual({
    TaskGroups: [{ Networks: null, Scaling: null, Tasks: null }],
  });
});
