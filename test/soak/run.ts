import { parseArgs } from "node:util";
import { churn } from "./churn.ts";
import { realChurn } from "./real.ts";

/** `npm run soak -- --seed N --hours 24` simulates hours; `npm run soak -- --real 15` runs minutes on the real engine. */
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    real: { type: "string" },
    hours: { type: "string", default: "24" },
  },
});
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
if (values.real !== undefined) {
  const outcome = await realChurn(Number(values.seed), Number(values.real), say);
  say(JSON.stringify(outcome.events));
  for (const fault of outcome.faults) say(`fault: ${fault}`);
  if (outcome.faults.length > 0) process.exitCode = 1;
}
const rounds = values.real === undefined ? Number(values.seeds) : 0;
for (let seed = Number(values.seed), left = rounds; left > 0; seed++, left--) {
  const before = performance.now();
  const outcome = await churn(seed, Number(values.hours), say);
  const tookS = ((performance.now() - before) / 1000).toFixed(0);
  const [heapBefore, heapAfter] = outcome.heapMb.map((mb) => mb.toFixed(1));
  say(
    `seed ${seed}: ${outcome.simulatedHours} h in ${tookS} s, heap ${heapBefore} -> ${heapAfter} MB`,
  );
  say(JSON.stringify(outcome.events));
  if (outcome.left.length === 0) continue;
  say(`left behind:\n  ${outcome.left.join("\n  ")}`);
  process.exitCode = 1;
}
