import { jobId } from "../../model/ids.ts";
import type { JobKey } from "../../model/ids.ts";
import { jobKeyText } from "../../model/ids.ts";
import type { ApiRequest } from "../http/request.ts";
import type { Watch } from "../http/answer.ts";

export const param = (request: ApiRequest, name: string): string => request.params[name] ?? "";

export const jobKeyOf = (request: ApiRequest, namespace: string): JobKey => ({
  namespace,
  id: jobId(param(request, "id")),
});

export const watchJob = (key: JobKey): readonly Watch[] => [
  { table: "jobs", key: jobKeyText(key) },
];
