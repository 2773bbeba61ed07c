import { expect, test } from "vitest";
import { faultsOf } from "../../support.ts";

const inTask = (line: string) =>
  faultsOf(`job "j" {\n group "g" {\n task "t" {\n ${line}\n }\n }\n}`)[0];

test("a near miss is named", () => {
  expect(faultsOf('job "j" {\n update {\n min_health_time = "1s"\n }\n}')[0]).toContain(
    'Did you mean "min_healthy_time"?',
  );
});

test("an argument of another block is sent there", () => {
  expect(inTask('image = "x"')).toContain('"image" belongs in "config"');
  expect(inTask("memory = 1")).toContain('"memory" belongs in "resources"');
});

test("a block written as an argument is told so", () => {
  expect(inTask("config = {}")).toContain("Leave out the equals sign");
});
