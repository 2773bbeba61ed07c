import { parentPort } from "node:worker_threads";
import { parseYaml } from "../../jobspec/parse-yaml.ts";
import { serveThread } from "../../lib/system/work-thread.ts";
import { doTemplateWork } from "../../node/template-work.ts";
import type { TemplateWork } from "../../node/template-work.ts";

if (parentPort !== null)
  serveThread(parentPort, (work: TemplateWork) => doTemplateWork(work, parseYaml));
