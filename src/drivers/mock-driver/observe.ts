import { optionFlag, optionText } from "../core/option-table.ts";
import type { DriverNetwork, ObservedTask } from "../port.ts";
import { behaviourOf } from "./core/behaviour.ts";
import type { Life } from "./output.ts";
import type { MockRecord } from "./records.ts";

export function lifeOf(record: MockRecord): Life {
  const behaviour = behaviourOf(record.options);
  const runsOut = record.startedAtMs + behaviour.runMs;
  const endMs = Math.min(runsOut, record.killedAtMs ?? runsOut);
  return { behaviour, startedAtMs: record.startedAtMs, endMs };
}

/** However it ended, it ended as its options say. */
export function observedTask(handle: string, record: MockRecord, nowMs: number): ObservedTask {
  const { behaviour, endMs } = lifeOf(record);
  const hasEnded = nowMs >= endMs;
  const network = networkOf(record);
  return {
    key: record.key,
    handle,
    specHash: record.specHash,
    attempt: record.attempt,
    state: hasEnded ? "exited" : "running",
    startedAt: new Date(record.startedAtMs).toISOString(),
    finishedAt: hasEnded ? new Date(endMs).toISOString() : null,
    exit: hasEnded
      ? {
          code: behaviour.exitCode,
          signal: behaviour.exitSignal,
          oomKilled: false,
          message: behaviour.exitMessage,
        }
      : null,
    ...(network === undefined ? {} : { network }),
  };
}

/** `driver_port_map` is one `label:port`. */
function networkOf({ options }: MockRecord): DriverNetwork | undefined {
  const ip = optionText(options, "driver_ip");
  const map = /^([^:]+):(\d+)$/.exec(optionText(options, "driver_port_map"));
  if (ip === "" && map === null) return undefined;
  return {
    ip,
    isAdvertised: optionFlag(options, "driver_advertise"),
    ports: map?.[1] === undefined ? {} : { [map[1]]: Number(map[2]) },
  };
}
