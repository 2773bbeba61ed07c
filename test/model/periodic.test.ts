import { expect, test } from "vitest";
import { launchInstant, nextLaunchMs } from "../../src/model/periodic.ts";

const periodic = {
  Enabled: true,
  Spec: "",
  Specs: ["0 5 * * *", "30 4 * * *"],
  SpecType: "cron",
  ProhibitOverlap: false,
  TimeZone: "Asia/Kolkata",
};
const job = { Periodic: periodic, ParameterizedJob: null, Stop: false };
const now = Date.parse("2026-01-30T00:00:00Z");

test("a periodic job is launched at the first of its times, told on the clock of its zone", () => {
  const at = nextLaunchMs(job, now) ?? 0;
  expect(launchInstant(at, "Asia/Kolkata")).toBe("2026-01-31T04:30:00+05:30");
  expect(launchInstant(at, "America/New_York")).toBe("2026-01-30T18:00:00-05:00");
  expect(launchInstant(at, "UTC")).toBe("2026-01-30T23:00:00Z");
  const single = { ...job, Periodic: { ...periodic, Spec: "@hourly", Specs: null, TimeZone: "" } };
  expect(launchInstant(nextLaunchMs(single, now) ?? 0, "")).toBe("2026-01-30T01:00:00Z");
});

test("one that is stopped, switched off, dispatchable or not periodic is not launched", () => {
  const parameterized = { Payload: "optional", MetaRequired: [], MetaOptional: [] };
  expect(nextLaunchMs({ ...job, Stop: true }, now)).toBeUndefined();
  expect(nextLaunchMs({ ...job, Periodic: { ...periodic, Enabled: false } }, now)).toBeUndefined();
  expect(nextLaunchMs({ ...job, ParameterizedJob: parameterized }, now)).toBeUndefined();
  expect(nextLaunchMs({ ...job, Periodic: null }, now)).toBeUndefined();
});
