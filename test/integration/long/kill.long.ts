import { afterEach, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../../support/live-agent.ts";
import { killRound } from "../kill-round.ts";
import { killWhileWriting } from "../kill-while-writing.ts";

let agent: LiveAgent | undefined;
afterEach(async () => {
  await agent?.cleanUp();
  agent = undefined;
});

const places = ["record", "start", "stop", "remove", "append", "apply"];
const points = places.flatMap((place) => [`${place}:before`, `${place}:after`]);
const passes = points.flatMap((point) => [2, 4].map((count) => `${point}=${count}`));

test.each(passes)(
  "killed at %s, a restarted agent brings exactly what is wanted",
  async (failpoint) => {
    agent = await liveAgent({ dev: false });
    const outcome = await killRound(agent, failpoint);
    expect(outcome).toEqual({
      wasKilled: true,
      running: 4,
      versions: [1],
      disturbed: [],
      doubles: [],
    });
  },
  120_000,
);

test("50 kills while jobs are written lose none that was acknowledged", async () => {
  agent = await liveAgent({ dev: false });
  const outcome = await killWhileWriting(agent, 50);
  process.stdout.write(`${outcome.acknowledged} acknowledged jobs, ${outcome.lost.length} lost\n`);
  expect(outcome.lost).toEqual([]);
}, 600_000);
