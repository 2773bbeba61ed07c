import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askEngine, installPackages, isRoot } from "./docker.mjs";
import { isStaticProgram, runtimePackages, splitImage } from "./plan-engine.mjs";
import { hasCommand, run, say, tryRun } from "./say.mjs";

/** The images of the demo and the samples, and how each is made where no registry answers. */
const recipes = {
  "busybox:1.36": {
    source: "Debian's busybox-static",
    changes: ['CMD ["sh"]'],
    fill: fillBusybox,
  },
  "redis:7": {
    source: "Debian's redis-server",
    changes: [
      "EXPOSE 6379",
      "WORKDIR /data",
      'CMD ["redis-server","--bind","*","--protected-mode","no"]',
    ],
    fill: fillRedis,
  },
};

/** Makes sure that an image is there: local, pulled, or built from this machine's packages. Answers whether it is. */
export async function ensureImage(name, { mayInstall }) {
  const known = await askEngine(`/images/${encodeURIComponent(name)}/json`);
  if (known.status === 200) return true;
  say(`Pulling ${name} (for 20 s at most) ...`);
  if (tryRun("timeout", ["20", "docker", "pull", "-q", name]) !== undefined) return true;
  const recipe = recipes[name];
  say(`No registry answers; building ${name} from ${recipe.source}.`);
  const dir = mkdtempSync(join(tmpdir(), "nomad-image-"));
  try {
    recipe.fill(join(dir, "root"), { mayInstall, work: dir });
    await importFolder(name, { root: join(dir, "root"), tar: join(dir, "image.tar"), recipe });
    return true;
  } catch (error) {
    say(`${name} could not be made, jobs that use it will wait for it: ${error.message}`);
    return false;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function importFolder(name, { root, tar, recipe }) {
  run("tar", ["-C", root, "--owner=0", "--group=0", "-cf", tar, "."]);
  const { repo, tag } = splitImage(name);
  const query = new URLSearchParams({ fromSrc: "-", repo, tag });
  for (const change of recipe.changes) query.append("changes", change);
  const answer = await askEngine(`/images/create?${query}`, {
    method: "POST",
    timeoutMs: 120_000,
    body: createReadStream(tar),
  });
  if (answer.status !== 200 || /"error"/.test(answer.body))
    throw new Error(`the engine refused it: ${answer.body.trim()}`);
}

function fillBusybox(root, { mayInstall }) {
  const isStatic = (path) => existsSync(path) && isStaticProgram(readFileSync(path));
  const find = () => ["/bin/busybox", "/usr/bin/busybox"].find(isStatic);
  if (find() === undefined && mayInstall && isRoot() && hasCommand("apt-get"))
    installPackages(["busybox-static"]);
  const busybox = find();
  if (busybox === undefined)
    throw new Error(
      "no static busybox found: install the package busybox-static, then start again",
    );
  shell(
    `
    mkdir -p "$ROOT/bin"
    cp "$BUSYBOX" "$ROOT/bin/busybox"
    for applet in $("$ROOT/bin/busybox" --list); do
      [ -e "$ROOT/bin/$applet" ] || ln -s busybox "$ROOT/bin/$applet"
    done
    ${commonFiles}
  `,
    { ROOT: root, BUSYBOX: busybox },
  );
}

/** The program and its libraries are unpacked from their packages: nothing is installed, no service starts here. */
function fillRedis(root, { work }) {
  const listing = tryRun("apt-cache", [
    "depends",
    "--recurse",
    "--no-recommends",
    "--no-suggests",
    "--no-conflicts",
    "--no-breaks",
    "--no-replaces",
    "--no-enhances",
    "redis-server",
  ]);
  const packages = runtimePackages(listing ?? "");
  if (!packages.includes("redis-server"))
    throw new Error(
      "the package redis-server is not known here: run apt-get update, then start again",
    );
  run("apt-get", ["download", "-qq", ...packages], { cwd: work });
  shell(
    `
    mkdir -p "$ROOT" && cd "$WORK"
    for package in *.deb; do dpkg-deb -x "$package" "$ROOT"; done
    mkdir -p "$ROOT/data"
    rm -rf "$ROOT/usr/share" "$ROOT/etc/init.d" "$ROOT/lib/systemd"
    ${commonFiles}
  `,
    { ROOT: root, WORK: work },
  );
}

const commonFiles = `
    mkdir -p "$ROOT/tmp" "$ROOT/etc"
    printf 'root:x:0:0:root:/:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n' > "$ROOT/etc/passwd"
    printf 'root:x:0:\\nnogroup:x:65534:\\n' > "$ROOT/etc/group"
    chmod 1777 "$ROOT/tmp"
`;

function shell(script, variables) {
  if (tryRun("sh", ["-ec", script], { env: { ...process.env, ...variables } }) === undefined)
    throw new Error("its files could not be put together");
}
