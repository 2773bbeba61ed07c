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

test("warnings count where neither the check nor the service ignores them", () => {
  const Checks = [{ CheckRestart: { Limit: 1 } }];
  expect(
    canonicalServices([{ Name: "s", CheckRestart: { Limit: 4, Grace: 6 }, Checks }], "j-g"),
  ).toMatchObject([{ Checks: [{ CheckRestart: { Limit: 1, Grace: 6, IgnoreWarnings: false } }] }]);
});
