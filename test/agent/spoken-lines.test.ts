import { expect, test } from "vitest";
import { spokenAsRecords } from "../../src/agent/spoken-lines.ts";
import { createLogger } from "../../src/lib/system/logger.ts";

test("what an agent says becomes records without the marks of a terminal", () => {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  const told = spokenAsRecords(createLogger({ level: "info", json: true, sinks: [sink] }));
  told.out("==> WARNING: mTLS is not configured");
  told.out("==> Starting Nomad agent...");
  told.out("");
  told.out("                Client: true");
  told.error("==> Error starting agent: no");
  const records = lines.map((line) => JSON.parse(line) as Record<string, string>);
  expect(records.map((record) => [record["@level"], record["@message"]])).toEqual([
    ["warn", "mTLS is not configured"],
    ["info", "Starting Nomad agent..."],
    ["info", "Client: true"],
    ["error", "Error starting agent: no"],
  ]);
});
