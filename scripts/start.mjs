#!/usr/bin/env node
// `npm start`: sets up what is missing and starts a dev agent that watches jobs/.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine } from "./setup/docker.mjs";
import { runInForeground } from "./setup/foreground.mjs";
import { ensureImage } from "./setup/images.mjs";
import { isNodeTooOld, nodeWarning } from "./setup/plan-engine.mjs";
import { ensureBuild, ensureModules } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const words = process.argv.slice(2);
const ownFlags = ["--no-install", "--with-redis"];
const mayInstall = !words.includes("--no-install");
if (isNodeTooOld(process.versions.node)) {
  say(`Node ${process.versions.node} is too old: version 20.19 or newer is needed.`);
  process.exit(1);
}
const warning = nodeWarning(process.versions.node);
if (warning !== undefined) say(warning);
try {
  await start();
} catch (error) {
  say(`The set-up failed: ${error.message}`);
  process.exitCode = 1;
}

async function start() {
  ensureModules(root);
  ensureBuild(root);
  if (await ensureEngine({ mayInstall })) {
    await ensureImage("busybox:1.36", { mayInstall });
    if (words.includes("--with-redis")) await ensureImage("redis:7", { mayInstall });
  } else say("Going on without Docker: jobs with the raw_exec driver run, docker jobs wait.");
  say(`
The agent starts now and watches ${join(root, "jobs")}. In another terminal, try:

    node dist/main.js job status                 what runs
    node dist/main.js job status hello           one job
    cp jobs/samples/web.nomad jobs/              drop a job file: it is running within a second
    node dist/main.js job sources                what became of each file
    rm jobs/web.nomad                            its job stops after 10 s

More samples lie in jobs/samples; redis.nomad needs its image: npm start -- --with-redis
Stop with Ctrl-C.
`);
  process.exitCode = await runInForeground(process.execPath, [
    join(root, "dist", "main.js"),
    "agent",
    "-dev",
    `-jobs-dir=${join(root, "jobs")}`,
    ...words.filter((word) => !ownFlags.includes(word)),
  ]);
}
