import { expect, test } from "vitest";
import { canonicalServices } from "../../../../src/jobspec/core/model/canonical-service.ts";

test("no services stay none", () => {
  expect(canonicalServices(null, "j-g")).toBeNull();
});

test("checks inherit on_update and the service's check_restart", () => {
  const services = canonicalServices(
    [
      {
        Name: "s",
        OnUpdate: "ignore",
        CheckRestart: { Limit: 4, Grace: 6, IgnoreWarnings: true },
        Checks: [{}, { OnUpdate: "require_healthy", CheckRestart: { Limit: 1 } }],
      },
    ],
    "j-g",
  );
  expect(services).toMatchObject([
    {
      Checks: [
        { OnUpdate: "ignore", CheckRestart: { Limit: 4, Grace: 6, IgnoreWarnings: true } },
        { OnUpdate: "require_healthy", CheckRestart: { Limit: 1, Grace: 6, IgnoreWarnings: true } },
      ],
    },
  ]);
});

test("a check's limit below one leaves the service's, and thresholds below zero count as none", () => {
  const services = canonicalServices(
    [
      {
        Name: "s",
        CheckRestart: { Limit: 4 },
        Checks: [
          {
            CheckRestart: { Limit: -1 },
            SuccessBeforePassing: -1,
            FailuresBeforeCritical: -2,
            FailuresBeforeWarning: 3,
          },
        ],
      },
    ],
    "j-g",
  );
  expect(services).toMatchObject([
    {
      Checks: [
        {
          CheckRestart: { Limit: 4 },
          SuccessBeforePassing: 0,
          FailuresBeforeCritical: 0,
          FailuresBeforeWarning: 3,
        },
      ],
    },
  ]);
});

test("the overlay of a sidecar's task says what it needs, and empty lists in connect are none", () => {
  const services = canonicalServices(
    [
      {
        Name: "s",
        Connect: {
          SidecarTask: { Env: {}, Config: {} },
          SidecarService: { Tags: [], Proxy: { Upstreams: [{ Config: { a: [] } }] } },
        },
      },
    ],
    "j-g",
  );
  expect(services).toMatchObject([
    {
      Connect: {
        SidecarTask: { Env: null, Config: null, Resources: { CPU: 100 }, LogConfig: {} },
        SidecarService: { Tags: null, Proxy: { Upstreams: [{ Config: { a: [] } }] } },
      },
    },
  ]);
});

test("warnings count where neither the check nor the service ignores them", () => {
  const Checks = [{ CheckRestart: { Limit: 1 } }];
  expect(
    canonicalServices([{ Name: "s", CheckRestart: { Limit: 4, Grace: 6 }, Checks }], "j-g"),
  ).toMatchObject([{ Checks: [{ CheckRestart: { Limit: 1, Grace: 6, IgnoreWarnings: false } }] }]);
});
