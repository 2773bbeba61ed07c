#!/usr/bin/env node
// `npm test`: sets up what the tests need, then runs every check and every test. Ends with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine } from "./setup/docker.mjs";
import { ensureImage } from "./setup/images.mjs";
import { nodeWarning } from "./setup/plan-engine.mjs";
import { ensureBuild, ensureModules } from "./setup/project.mjs";
import { say } from "./setup/say.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const mayInstall = !process.argv.includes("--no-install");
const demoImage = "busybox:1.36";

const warning = nodeWarning(process.versions.node);
if (warning !== undefined) say(warning);
ensureModules(root);
const hasEngine =
  (await ensureEngine({ mayInstall })) && (await ensureImage(demoImage, { mayInstall }));
if (!hasEngine) say("WARNING: no Docker Engine: the tests that need one will fail, and say so.");
ensureBuild(root);

const checks = ["check:types", "check:lint", "check:format", "check:dead"];
let passed = 0;
let failed = 0;
for (const check of checks) {
  const { status } = spawnSync("npm", ["run", "--silent", check], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  say(`${status === 0 ? "ok" : "FAILED"}  ${check}`);
  if (status === 0) passed += 1;
  else failed += 1;
}

const dir = mkdtempSync(join(tmpdir(), "nomad-test-"));
const report = join(dir, "report.json");
const vitest = spawnSync(
  join(root, "node_modules", ".bin", "vitest"),
  ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`],
  {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" },
  },
);
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests + brokenFiles(result);
} catch (error) {
  say(`the test run left no report: ${error.message}`);
  failed += 1;
}
rmSync(dir, { recursive: true, force: true });
if (vitest.status !== 0 && failed === 0) failed += 1;
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Files that could not even be loaded have no test of their own to fail. */
function brokenFiles(result) {
  return result.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
}
