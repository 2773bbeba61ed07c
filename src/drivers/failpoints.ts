import type { CallsOf, Failpoint } from "../lib/failpoint.ts";
import { withPoints } from "../lib/failpoint.ts";
import type { DriverPlace } from "../model/failpoints.ts";
import type { DriverImages, GroupNetworks, LogChunk, TaskDriver } from "./port.ts";

/** A new call of a port does not compile before it has a place here. */
type Places<Port> = { readonly [name in CallsOf<Port, Promise<unknown>>]: DriverPlace };

const calls: Places<TaskDriver> = {
  fingerprint: "fingerprint",
  list: "list",
  inspect: "inspect",
  prepare: "prepare",
  start: "start",
  stop: "stop",
  signal: "signal",
  remove: "remove",
  stats: "stats",
  exec: "exec",
};
const networkCalls: Places<GroupNetworks> = {
  ensure: "network",
  inspect: "network-inspect",
  list: "network-list",
  remove: "network-remove",
};
const imageCalls: Places<DriverImages> = { find: "image-find", remove: "image-remove" };

/** The same driver, with a point on either side of each call that asks its engine for something. */
export function withDriverFailpoints(driver: TaskDriver, failpoint: Failpoint): TaskDriver {
  const { networks, images } = driver;
  return {
    ...withPoints(driver, calls, failpoint),
    output: (...words) => passing(driver.output(...words), failpoint),
    ...(networks && { networks: withPoints(networks, networkCalls, failpoint) }),
    ...(images && { images: withPoints(images, imageCalls, failpoint) }),
  };
}

async function* passing(
  output: AsyncIterable<LogChunk>,
  failpoint: Failpoint,
): AsyncIterable<LogChunk> {
  const place: DriverPlace = "output";
  failpoint(`${place}:before`);
  yield* output;
  failpoint(`${place}:after`);
}
