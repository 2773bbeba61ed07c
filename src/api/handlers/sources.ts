import { badRequest } from "../errors.ts";
import { found, missing } from "../http/answer.ts";
import { notFound } from "../errors.ts";
import type { ReadHandler } from "../http/handler.ts";

/** What became of each file in the watched folders; not part of the published API. */
export const listSources: ReadHandler = ({ store }) =>
  found(store.read.tableIndex("job_sources"), [{ table: "job_sources" }], () =>
    store.read.jobSources(),
  );

/** There are no volumes yet, so the list is empty, but an unknown kind is still one. */
export const listVolumes: ReadHandler = (_context, request) => {
  const type = request.query.get("type") ?? "";
  if (type !== "" && type !== "csi" && type !== "host") throw notFound("resource not found");
  return found(0, [], () => []);
};

export const readVolume: ReadHandler = () => missing(0, [], "volume not found");

export const listPlugins: ReadHandler = ({ store }, request) => {
  const type = request.query.get("type") ?? "";
  if (type !== "csi") throw badRequest("Plugin type must be csi");
  return found(store.read.tableIndex(), [], () => []);
};
