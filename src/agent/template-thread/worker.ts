import { parentPort } from "node:worker_threads";
import { parseYaml } from "../../jobspec/parse-yaml.ts";
import { serveThread } from "../../lib/system/work-thread.ts";
import { doTemplateWork } from "../../node/template-work.ts";
import type { TemplateWork, TemplateWorkOutcome } from "../../node/template-work.ts";

/** What crosses the thread's border on the way in and on the way out. */
export type RenderRequest = TemplateWork;
export type RenderOutput = TemplateWorkOutcome;

const outputOf = (request: RenderRequest): RenderOutput => doTemplateWork(request, parseYaml);

if (parentPort !== null) serveThread(parentPort, outputOf);
