import { afterEach, expect, test } from "vitest";
import { liveAgent, type LiveAgent } from "../../support/live-agent.ts";
import { killRound } from "../kill-round.ts";
import { killWhileWriting } from "../kill-while-writing.ts";

let agent: LiveAgent | undefined;
afterEach(async () => {
  await agent?.cleanUp();
  agent = undefined;
});

const around = (place: string): string[] => [`${place}:before`, `${place}:after`];
const twice = (point: string): string[] => [2, 4].map((count) => `${point}=${count}`);
const places = ["record", "start", "stop", "remove", "log-position", "append", "apply"];
const passes = places.flatMap(around).flatMap(twice);
const networkPlaces = ["network", "network-remove", "start", "stop", "remove", "record"];
const networkPasses = networkPlaces.flatMap(around).flatMap(twice);

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

test.each(networkPasses)(
  "killed at %s, each group has one network of its own afterwards, and one task in it",
  async (failpoint) => {
    agent = await liveAgent({ dev: false });
    const outcome = await killRound(agent, failpoint, { ownNetworks: true });
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
