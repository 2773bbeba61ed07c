import { expect, test } from "vitest";
import { groupOf } from "../../support.ts";

test("a check has all its plain fields", () => {
  const group = groupOf('service {\n check {\n type = "http"\n header {\n A = ["b"]\n }\n }\n}');
  expect(group["Services"]).toMatchObject([
    { Name: "", Checks: [{ Type: "http", Interval: 0, Header: { A: ["b"] } }] },
  ]);
});
