import { expect, test } from "vitest";
import { mappedPort, taskPorts } from "../../../../src/reconciler/core/node/task-ports.ts";
import { buildDesired, scriptedJob } from "../../../support/scripted-job.ts";
import { withTaskNetwork } from "../../../support/task-network.ts";

test("a task's own network gives its static and its dynamic ports with the address they were placed on", () => {
  const allocation = withTaskNetwork(buildDesired(scriptedJob()).allocation, "main");
  expect(taskPorts(allocation, "main")).toEqual([
    { Label: "admin", Value: 8080, To: 0, HostIP: "10.0.0.1", IgnoreCollision: false },
    { Label: "db", Value: 25_001, To: 0, HostIP: "10.0.0.1", IgnoreCollision: false },
  ]);
  expect(taskPorts(allocation, "other")).toEqual([]);
});

test("port_map is read as a block and as a value, and nothing else is taken for it", () => {
  expect(mappedPort({ port_map: [{ db: 6379 }] }, "db")).toBe("6379");
  expect(mappedPort({ port_map: { db: "6379" } }, "db")).toBe("6379");
  expect(mappedPort({ port_map: [{ db: 6379 }] }, "web")).toBeUndefined();
  expect(mappedPort({ port_map: "db" }, "db")).toBeUndefined();
  expect(mappedPort(null, "db")).toBeUndefined();
});
