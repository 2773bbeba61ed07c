import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { hasCommand, run, say, tryRun } from "./say.mjs";

const packages = ["docker.io", "iptables", "busybox-static"];
const startLimitMs = 60_000;

/** Asks the engine something over its socket; answers { status, body } or throws the connection's error. */
function ask(path, { method = "GET", timeoutMs = 5_000 } = {}) {
  const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  const where = host.startsWith("unix://")
    ? { socketPath: host.slice("unix://".length) }
    : {
        host: new URL(host.replace(/^tcp:/, "http:")).hostname,
        port: new URL(host.replace(/^tcp:/, "http:")).port,
      };
  return new Promise((resolve, reject) => {
    const call = request({ ...where, path, method, timeout: timeoutMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    });
    call.on("timeout", () => call.destroy(new Error("the engine does not answer")));
    call.on("error", reject);
    call.end();
  });
}

/** "running", "denied", or "absent". */
export async function engineState() {
  try {
    const { status } = await ask("/_ping");
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
  const state = await engineState();
  if (state === "running") return true;
  if (state === "denied") {
    say("You may not open the Docker socket. Do this once, then log in again:");
    say("    sudo usermod -aG docker $USER");
    return false;
  }
  if (!hasCommand("dockerd") && !(await installEngine(mayInstall))) return false;
  return startEngine();
}

async function installEngine(mayInstall) {
  const command = `apt-get install -y ${packages.join(" ")}`;
  if (!isRoot() || !hasCommand("apt-get")) {
    say(`No Docker Engine found. To install one on Debian or Ubuntu: sudo ${command}`);
    return false;
  }
  if (!mayInstall) {
    say(`No Docker Engine found, and --no-install was given. It would be: ${command}`);
    return false;
  }
  say(`No Docker Engine found. This would be run: ${command}`);
  if (process.stdin.isTTY && process.stdout.isTTY && !(await confirm("Install it now? [Y/n] ")))
    return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", ...packages], { env });
  return true;
}

async function confirm(question) {
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await reader.question(question);
  reader.close();
  return /^(?:y|yes|)$/i.test(answer.trim());
}

async function startEngine() {
  if (await waitForEngine(2_000)) return true;
  if (!isRoot()) {
    say("The Docker Engine is installed but does not run. Start it: sudo systemctl start docker");
    return false;
  }
  if (existsSync("/run/systemd/system")) tryRun("systemctl", ["start", "docker"]);
  else {
    const log = join(tmpdir(), "dockerd.log");
    say(`Starting dockerd (its log: ${log}) ...`);
    removeStalePids();
    const out = openSync(log, "a");
    spawn("dockerd", [], { detached: true, stdio: ["ignore", out, out] }).unref();
  }
  if (await waitForEngine(startLimitMs)) return true;
  say(`The Docker Engine did not come up within ${startLimitMs / 1000} s; see its log.`);
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

async function waitForEngine(limitMs) {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if ((await engineState()) === "running") return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

const isRoot = () => process.getuid?.() === 0;

/** Makes sure that the demo image is there: local, pulled, or built from this machine's static busybox. */
export async function ensureImage(name, { mayInstall }) {
  if ((await ask(`/images/${encodeURIComponent(name)}/json`)).status === 200) return true;
  say(`Pulling ${name} ...`);
  if (tryRun("timeout", ["20", "docker", "pull", "-q", name]) !== undefined) return true;
  say(`No registry answers; building ${name} from Debian's busybox-static.`);
  const busybox = await findBusybox(mayInstall);
  if (busybox === undefined) {
    say(
      `No static busybox found; ${name} is missing. Install the package busybox-static and start again.`,
    );
    return false;
  }
  importBusybox(busybox, name);
  return true;
}

async function findBusybox(mayInstall) {
  const isStatic = (path) => existsSync(path) && !readFileSync(path).includes("ld-linux");
  const find = () => ["/bin/busybox", "/usr/bin/busybox"].find(isStatic);
  if (find() === undefined && mayInstall && isRoot() && hasCommand("apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], { env });
    run("apt-get", ["install", "-y", "-qq", "busybox-static"], { env });
  }
  return find();
}

function importBusybox(busybox, name) {
  const dir = mkdtempSync(join(tmpdir(), "nomad-image-"));
  const script = `
    set -e
    mkdir -p "$DIR/bin" "$DIR/tmp" "$DIR/etc"
    cp "$BUSYBOX" "$DIR/bin/busybox"
    for applet in $("$DIR/bin/busybox" --list); do
      [ -e "$DIR/bin/$applet" ] || ln -s busybox "$DIR/bin/$applet"
    done
    printf 'root:x:0:0:root:/:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n' > "$DIR/etc/passwd"
    printf 'root:x:0:\\nnogroup:x:65534:\\n' > "$DIR/etc/group"
    chmod 1777 "$DIR/tmp"
    tar -C "$DIR" -c . | docker import --change 'CMD ["sh"]' - "$IMAGE"
  `;
  try {
    run("sh", ["-c", script], { env: { ...process.env, DIR: dir, BUSYBOX: busybox, IMAGE: name } });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
