import { expect, test } from "vitest";
import { withDriverFailpoints } from "../../src/drivers/failpoints.ts";
import type { OutputOptions, TaskDriver } from "../../src/drivers/port.ts";
import { ScriptedEngine } from "../support/scripted-driver.ts";

test("whoever reads output through the points is told as much as without them, and tells as much", async () => {
  const options: OutputOptions = { stored: () => "1", keptBytes: 7 };
  const chunk = { stream: "stdout", data: Buffer.from("x"), cursor: "1", skipped: 3 } as const;
  const heard: unknown[] = [];
  const driver: TaskDriver = {
    ...new ScriptedEngine().driver(),
    async *output(...words) {
      heard.push(...words);
      yield await Promise.resolve(chunk);
    },
  };
  const points: string[] = [];
  const { signal } = new AbortController();
  const through = withDriverFailpoints(driver, (name) => void points.push(name));
  for await (const piece of through.output("h", "0", signal, options)) expect(piece).toBe(chunk);
  expect(heard).toEqual(["h", "0", signal, options]);
  expect(points).toEqual(["output:before", "output:after"]);
});
