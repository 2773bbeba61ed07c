#!/usr/bin/env node
// `npm start`: sets up what is missing and starts a dev agent that watches jobs/.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine, ensureImage } from "./setup/docker.mjs";
import { ensureBuild, ensureModules } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const own = process.argv.slice(2).filter((word) => word !== "--no-install");
const mayInstall = !process.argv.includes("--no-install");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Node ${process.versions.node} is too old: version 20.19 or newer is needed.`);
  process.exit(1);
}

ensureModules(root);
ensureBuild(root);
const hasEngine = await ensureEngine({ mayInstall });
if (hasEngine) await ensureImage("busybox:1.36", { mayInstall });
else say("Going on without Docker: jobs with the raw_exec driver run, docker jobs wait.");

say(`
The agent starts now and watches ${join(root, "jobs")}. In another terminal, try:

    node dist/main.js job status                 what runs
    node dist/main.js job status hello           one job
    cp jobs/samples/web.nomad jobs/              drop a job file: it is running within a second
    node dist/main.js job sources                what became of each file
    rm jobs/web.nomad                            its job stops after 10 s

Stop with Ctrl-C.
`);
const agent = spawn(
  process.execPath,
  [join(root, "dist", "main.js"), "agent", "-dev", `-jobs-dir=${join(root, "jobs")}`, ...own],
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => agent.kill(signal));
agent.on("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
