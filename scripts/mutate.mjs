/**
 * Do the tests notice when the job language is wrong? Changes one thing in src/jobspec/core at a time (a seeded
 * random sample) and runs the file's own test, then the recorded cases and the tests beside it, as far as they
 * import the file at all: those that name it come first.
 *
 *   node scripts/mutate.mjs [--count 300] [--seed 1] [--under src/jobspec/core] [--from 0]
 *   node scripts/mutate.mjs --again FILE
 *
 * With --again it takes what FILE lists in place of a sample: the changes that an earlier output tells as unnoticed,
 * and every change of a line that is written as PATH:LINE.
 *
 * Texts with a blank in them are left alone: they are sentences for people. A run that hangs counts as noticed. The
 * work is done by a child process, because a hanging test can only be ended with its process.
 */
import { fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseSync } from "rolldown/utils";

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    under: { type: "string", default: "src/jobspec/core" },
    from: { type: "string", default: "0" },
    again: { type: "string" },
    child: { type: "boolean", default: false },
  },
});
const hangMs = 120_000;

const swaps = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "**": "*",
  "+=": "-=",
  "-=": "+=",
  "<<=": ">>=",
  ">>=": "<<=",
};

async function runParent() {
  const verdicts = { noticed: 0, hung: 0, unnoticed: 0 };
  let next = Number(options.from);
  while (next < mutants.length) {
    const verdict = await new Promise((done) => {
      const args = ["--child", "--from", String(next)];
      for (const name of ["count", "seed", "under", "again"])
        if (options[name] !== undefined) args.push(`--${name}`, options[name]);
      const child = fork(new URL(import.meta.url), args, {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const hang = () => {
        child.kill("SIGKILL");
      };
      // Nothing counts as a hang before the first change is tried: the start takes long on a busy machine.
      let timer;
      child.on("message", ({ index, verdict }) => {
        clearTimeout(timer);
        timer = setTimeout(hang, hangMs);
        if (verdict === undefined) return;
        next = index + 1;
        tell(index, verdict);
      });
      child.on("exit", (code, signal) => {
        clearTimeout(timer);
        if (signal === null && code !== 0) throw new Error(`the child ended with ${code}`);
        done(signal === null ? undefined : "hung");
      });
    });
    if (verdict === undefined) break;
    tell(next, verdict);
    next += 1;
  }
  const total = verdicts.noticed + verdicts.hung + verdicts.unnoticed;
  const share = ((100 * (verdicts.noticed + verdicts.hung)) / total).toFixed(1);
  console.log(
    `${share} % of ${total} noticed (${verdicts.hung} by hanging), ${verdicts.unnoticed} not`,
  );

  function tell(at, verdict) {
    verdicts[verdict] += 1;
    const { file, line, what } = mutants[at];
    console.log(`${at} ${verdict} ${file}:${line} ${what}`);
  }
}

/** One vitest for all mutants: what a changed file does not reach stays compiled. */
async function runChild() {
  const { createVitest } = await import("vitest/node");
  let current;
  const plugin = {
    name: "mutate",
    enforce: "pre",
    transform: (code, id) =>
      current !== undefined && id === resolve(current.file) ? current.text : null,
  };
  const vitest = await createVitest(
    "test",
    {
      watch: false,
      config: false,
      isolate: true,
      pool: "threads",
      maxWorkers: 1,
      reporters: [{}],
      include: ["test/**/*.test.ts"],
      testTimeout: 30_000,
      bail: 1,
    },
    { plugins: [plugin] },
  );
  const noticed = async (files) => {
    if (files.length === 0) return false;
    const specifications = await vitest.globTestSpecifications(files.map((file) => resolve(file)));
    // What is given back are the modules of all runs so far.
    const own = new Set(specifications.map(({ moduleId }) => moduleId));
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    return (
      unhandledErrors.length > 0 ||
      testModules.some((module) => own.has(module.moduleId) && !module.ok())
    );
  };
  // Nobody waits for what is left when the parent is gone.
  process.on("disconnect", () => process.exit(1));
  const used = new Set(mutants.flatMap(({ file }) => [...ownTest(file), ...otherTests(file)]));
  if (Number(options.from) === 0 && (await noticed([...used])))
    throw new Error("the tests fail without any change");
  process.send({ index: Number(options.from) });
  for (let at = Number(options.from); at < mutants.length; at++) {
    current = mutants[at];
    vitest.invalidateFile(resolve(current.file));
    const isNoticed =
      (await noticed(ownTest(current.file))) || (await noticed(otherTests(current.file)));
    vitest.invalidateFile(resolve(current.file));
    process.send({ index: at, verdict: isNoticed ? "noticed" : "unnoticed" });
  }
  await vitest.close();
  process.exit(0);
}

const ownTest = (file) => [testOf(file)].filter((test) => existsSync(test));
const testOf = (file) => file.replace(/^src/, "test").replace(/\.ts$/, ".test.ts");

function otherTests(file) {
  const folder = dirname(testOf(file));
  const beside = readdirSync(folder).map((name) => join(folder, name));
  const recorded = readdirSync("test/jobspec")
    .filter((name) => /^golden-|^read-back/.test(name))
    .map((name) => join("test/jobspec", name));
  const naming = (test) => (importsOf(test).includes(file) ? 0 : 1);
  return [...recorded, ...beside]
    .filter((test) => test.endsWith(".test.ts") && test !== testOf(file) && reach(test).has(file))
    .toSorted((a, b) => naming(a) - naming(b));
}

/** Every file that runs when this one is loaded. */
function reach(from) {
  const found = new Set([from]);
  for (const file of found) for (const imported of importsOf(file)) found.add(imported);
  return found;
}

function importsOf(file) {
  let found = imports.get(file);
  if (found === undefined) {
    const texts = readFileSync(file, "utf8").matchAll(/(?:from|import)[ (]"(\.[^"]+\.ts)"/g);
    found = [...texts].map(([, path]) => join(dirname(file), path));
    imports.set(file, found);
  }
  return found;
}

function sample() {
  const all = sources(options.under).flatMap((file) => mutantsOf(file));
  if (options.again !== undefined) return listed(all);
  const random = numbers(Number(options.seed));
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other], all[at]];
  }
  return all.slice(0, Number(options.count));
}

function listed(all) {
  const lines = readFileSync(options.again, "utf8").split("\n");
  const wanted = new Set(lines.map((line) => line.replace(/^\d+ unnoticed /, "")));
  return all.filter(
    ({ file, line, what }) =>
      wanted.has(`${file}:${line}`) || wanted.has(`${file}:${line} ${what}`),
  );
}

function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/(?:^|-)types\.ts$/.test(basename(name)))
    .map((name) => join(folder, name))
    .toSorted();
}

function mutantsOf(file) {
  const text = readFileSync(file, "utf8");
  const { program } = parseSync(file, text, { lang: "ts" });
  const found = [];
  const change = (start, end, to, why) => {
    const from = text.slice(start, end);
    if (from === to) return;
    const line = text.slice(0, start).split("\n").length;
    const short = (code) => code.replaceAll(/\s+/g, " ").slice(0, 60);
    found.push({
      file,
      line,
      what: `${why}: ${short(from)} -> ${short(to)}`,
      text: text.slice(0, start) + to + text.slice(end),
    });
  };
  visit(program, undefined, text, change);
  return found;
}

function visit(node, parent, text, change) {
  if (node === null || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, parent, text, change);
    return;
  }
  if (typeof node.type !== "string") return;
  // Types leave nothing behind at run time; imports only name things.
  if (/^(?:TS(?!AsExpression|NonNull|Satisfies)|Import|ExportAll)/.test(node.type)) return;
  mutate(node, parent, text, change);
  for (const [key, child] of Object.entries(node))
    if (
      !["typeAnnotation", "typeArguments", "typeParameters", "returnType", "source"].includes(key)
    )
      visit(child, node, text, change);
}

function mutate(node, parent, text, change) {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression": {
      const swap = swaps[node.operator];
      if (swap === undefined) return;
      const start = text.indexOf(node.operator, node.left.end);
      change(start, start + node.operator.length, swap, "operator");
      return;
    }
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
      change(
        node.test.start,
        node.test.end,
        `!(${text.slice(node.test.start, node.test.end)})`,
        "condition",
      );
      return;
    case "ExpressionStatement":
      if (node.directive === undefined || node.directive === null)
        change(node.start, node.end, ";", "dropped");
      return;
    case "ThrowStatement":
      change(node.start, node.end, ";", "dropped");
      return;
    case "ReturnStatement":
      if (node.argument !== null)
        change(node.argument.start, node.argument.end, "undefined", "result");
      return;
    case "UnaryExpression":
      if (node.operator === "!") change(node.start, node.start + 1, "", "negation");
      return;
    case "Literal":
      literal(node, parent, change);
      return;
    case "ArrayExpression":
      if (node.elements.length > 0) change(node.start, node.end, "[]", "list");
      return;
  }
}

function literal(node, parent, change) {
  const isKey = parent?.type === "Property" && parent.key === node;
  if (isKey) return;
  if (typeof node.value === "number")
    change(node.start, node.end, String(node.value + 1), "number");
  else if (typeof node.value === "boolean")
    change(node.start, node.end, String(!node.value), "constant");
  else if (typeof node.value === "string" && !node.value.includes(" "))
    change(node.start, node.end, node.value === "" ? '"mutant"' : '""', "text");
}

const imports = new Map();
const mutants = sample();
if (options.child) await runChild();
else await runParent();
