import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { engineAddress, enginePackages, isYes, planEngine } from "./plan-engine.mjs";
import { hasCommand, run, say, tryRun } from "./say.mjs";

const startLimitMs = 60_000;

/** Asks the engine something; answers { status, body } or throws the connection's error. */
export function askEngine(path, { method = "GET", timeoutMs = 5_000, body } = {}) {
  const where = engineAddress(process.env.DOCKER_HOST);
  if (where === undefined)
    return Promise.reject(new Error(`DOCKER_HOST=${process.env.DOCKER_HOST} cannot be asked`));
  return new Promise((resolve, reject) => {
    const call = request({ ...where, path, method, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode, body: text }));
    });
    call.on("timeout", () => call.destroy(new Error("the engine does not answer")));
    call.on("error", reject);
    if (body === undefined) call.end();
    else body.pipe(call);
  });
}

/** "running", "denied", or "absent". */
async function engineState() {
  try {
    const { status } = await askEngine("/_ping");
    return status === 200 ? "running" : "absent";
  } catch (error) {
    return error.code === "EACCES" ? "denied" : "absent";
  }
}

/**
 * Finds an engine, or installs and starts one where that is allowed. Answers whether one runs; never throws for
 * a machine that simply has none, since the agent runs without.
 */
export async function ensureEngine({ mayInstall }) {
  const plan = planEngine({
    state: await engineState(),
    dockerHost: process.env.DOCKER_HOST,
    hasDockerd: hasCommand("dockerd"),
    isRoot: isRoot(),
    hasApt: hasCommand("apt-get"),
    mayInstall,
  });
  for (const line of plan.say) say(line);
  if (plan.kind === "use") return true;
  if (plan.kind === "without") return false;
  if (plan.kind === "install" && !(await installEngine())) return false;
  return startEngine();
}

async function installEngine() {
  if (process.stdin.isTTY && process.stdout.isTTY && !(await confirm("Install it now? [Y/n] ")))
    return false;
  try {
    installPackages(enginePackages);
    return true;
  } catch (error) {
    say(`The Docker Engine could not be installed: ${error.message}`);
    return false;
  }
}

export function installPackages(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", ...packages], { env });
}

async function confirm(question) {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return isYes(await reader.question(question));
  } catch {
    // Ctrl-C or Ctrl-D: neither is an answer.
    say("");
    throw new Error("stopped at the question; nothing was installed");
  } finally {
    reader.close();
  }
}

/** A package's own service may be starting already: only what does not come up by itself is started here. */
async function startEngine() {
  if (await waitForEngine(2_000, () => false)) return true;
  const log = join(tmpdir(), "dockerd.log");
  let hasEnded = false;
  if (existsSync("/run/systemd/system")) tryRun("systemctl", ["start", "docker"]);
  else {
    say(`Starting dockerd (its log: ${log}) ...`);
    removeStalePids();
    const out = openSync(log, "a");
    const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", out, out] });
    child.on("exit", () => (hasEnded = true));
    child.on("error", () => (hasEnded = true));
    child.unref();
  }
  if (await waitForEngine(startLimitMs, () => hasEnded)) return true;
  say(
    hasEnded
      ? `dockerd ended at once. Why: tail ${log}`
      : `The Docker Engine did not come up within ${startLimitMs / 1000} s. Why: journalctl -u docker, or ${log}`,
  );
  return false;
}

/** A killed engine leaves the numbers of its processes behind, and a new one refuses to start or waits for them. */
function removeStalePids() {
  const files = {
    "/var/run/docker.pid": "dockerd",
    "/var/run/docker/containerd/containerd.pid": "containerd",
  };
  for (const [path, name] of Object.entries(files)) {
    if (!existsSync(path)) continue;
    const comm = `/proc/${readFileSync(path, "utf8").trim()}/comm`;
    const isAlive = existsSync(comm) && readFileSync(comm, "utf8").trim() === name;
    if (!isAlive) rmSync(path);
  }
}

async function waitForEngine(limitMs, hasEnded) {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if ((await engineState()) === "running") return true;
    if (hasEnded()) return false;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

export const isRoot = () => process.getuid?.() === 0;
