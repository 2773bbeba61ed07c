import * as fc from "fast-check";
import { jobSpec } from "../../src/jobspec/core/decode/job-schema.ts";
import type { BlockSpec, ChildSpec } from "../../src/jobspec/core/decode/spec-types.ts";
import { assertNever } from "../../src/lib/errors.ts";
import type { Json } from "../../src/lib/json.ts";
import type { Body } from "./print-job.ts";

/** Text as the language keeps it: normalised, with marks, quotes and line ends made likely. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 6 }) },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          "${",
          "$${",
          "%{",
          "%%",
          "}",
          "\n",
          "\r\n",
          '"',
          "\\",
          "\t",
          "#",
          "EOT\n",
        ),
      },
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.join("").normalize("NFC"))
  .filter((text) => !/\p{Surrogate}/u.test(text));

const name = fc
  .stringMatching(/^[a-z][a-z0-9_-]{0,5}$/)
  .filter((text) => text !== "dynamic" && text !== "__proto__");
const whole = fc.oneof(fc.integer({ min: -3, max: 70_000 }), fc.maxSafeInteger());
const duration = fc.oneof(
  fc.integer({ min: 0, max: 7200 }).map((seconds) => seconds * 1e9),
  fc.integer({ min: 0, max: 90_000 }).map((ms) => ms * 1e6),
  fc.maxSafeNat(),
);
const float = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));

const freeValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json; map: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    anyText,
    whole,
    float,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("map"),
    fc.array(tie("map"), { minLength: 1, maxLength: 2 }),
  ),
  map: fc.dictionary(fc.oneof(name, anyText), tie("value"), { maxKeys: 3, noNullPrototype: true }),
})).value;
const freeBody = fc.dictionary(name, freeValue, { maxKeys: 4, noNullPrototype: true });

const values: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  string: anyText,
  bool: fc.boolean(),
  int: whole,
  trunc: whole,
  duration,
  strings: fc.array(anyText, { maxLength: 3 }),
  int8: fc.integer({ min: -100, max: 100 }),
  uint: fc.nat(),
  uint8: fc.nat({ max: 100 }),
  uint16: fc.nat({ max: 65_535 }),
  uint32: fc.nat(),
  uint16s: fc.array(fc.nat({ max: 65_535 }), { maxLength: 3 }),
  stringMap: fc.dictionary(fc.oneof(name, anyText), anyText, { maxKeys: 3, noNullPrototype: true }),
};

/** Fields that hold less than their kind of value allows. */
const narrow: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  Weight: fc.integer({ min: -100, max: 100 }),
  Passing: fc.nat(),
  Warning: fc.nat(),
};

/** A body as parsing gives it, with every block and argument of the decoder's tables now and then. */
export const anyJobBody: fc.Arbitrary<Body> = fc
  .constant(null)
  .chain(() => blockArbitrary(jobSpec, "Job"));

const made = new Map<BlockSpec, fc.Arbitrary<Body>>();

function blockArbitrary(spec: BlockSpec, key: string): fc.Arbitrary<Body> {
  const known = made.get(spec);
  if (known !== undefined) return known;
  const fields: Record<string, fc.Arbitrary<Json | undefined>> = {};
  for (const label of spec.labels ?? []) fields[label] = fc.oneof(name, anyText);
  for (const [blockName, child] of Object.entries(spec.blocks ?? {}))
    if (!child.key.startsWith("$") || child.key === "$ports" || child.key === "$identities")
      fields[child.key] = childArbitrary(blockName, child, spec);
  for (const short of Object.values(spec.arguments)) {
    const [argument = "", type = ""] = short.split(":");
    const value = narrow[argument] ?? values[type.replace(/[?!]$/, "")];
    if (value === undefined) throw new Error(`no values for ${short}`);
    if (argument.startsWith("$") || argument in fields) continue;
    const zero = zeroOf(type);
    fields[argument] =
      zero === undefined
        ? sometimes(value, type.endsWith("!") ? 1 : 3)
        : fc.oneof({ weight: 2, arbitrary: fc.constant(zero) }, { weight: 1, arbitrary: value });
  }
  const made_ = fc.record(fields).map((body) => settle(key, withoutUndefined(body)));
  made.set(spec, made_);
  return made_;
}

function zeroOf(type: string): Json | undefined {
  if (/[?!]$/.test(type)) return undefined;
  return (
    ({ string: "", bool: false } as Record<string, Json>)[type] ??
    (/s$|Map$/.test(type) ? undefined : 0)
  );
}

const sometimes = (value: fc.Arbitrary<Json>, oneIn: number): fc.Arbitrary<Json | undefined> =>
  oneIn === 1
    ? value
    : fc.oneof(
        { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: value },
      );

function childArbitrary(
  blockName: string,
  child: ChildSpec,
  parent: BlockSpec,
): fc.Arbitrary<Json | undefined> {
  switch (child.kind) {
    case "once":
      return sometimes(blockArbitrary(child.spec, child.key), 3);
    case "list": {
      const isMain = child.key === "TaskGroups" || child.key === "Tasks";
      const items = fc.uniqueArray(blockArbitrary(child.spec, child.key), {
        minLength: 1,
        maxLength: 2,
        // Groups and tasks are known by their names; of other things two may be alike.
        comparator: (a, b) => isMain && a["Name"] === b["Name"],
      });
      return sometimes(items, isMain ? 1 : 4);
    }
    case "map":
      return sometimes(
        fc
          .uniqueArray(blockArbitrary(child.spec, child.key), {
            minLength: 1,
            maxLength: 2,
            selector: (item) => item["Name"],
          })
          .map((items) => Object.fromEntries(items.map((item) => [textOf(item["Name"]), item]))),
        3,
      );
    case "open": {
      const keys = Object.hasOwn(parent.arguments, blockName) ? fc.oneof(name, anyText) : name;
      const value: fc.Arbitrary<Json> =
        child.type === "string" ? anyText : fc.array(anyText, { maxLength: 2 });
      return sometimes(
        fc.dictionary<string, Json>(keys, value, { maxKeys: 3, noNullPrototype: true }),
        3,
      );
    }
    case "free":
      return sometimes(freeBody, 2);
    default:
      return assertNever(child);
  }
}

const operands = [
  "=",
  "version",
  "semver",
  "regexp",
  "set_contains",
  "set_contains_any",
  "distinct_hosts",
  "distinct_property",
  "is_set",
];

/** What parsing fills in or sorts out by itself, so that the generated body is one that parsing can give. */
function settle(key: string, body: Record<string, Json>): Body {
  switch (key) {
    case "Job":
      return jobNames(body);
    case "Constraints":
    case "Affinities": {
      const size = textOf(body["RTarget"]).length + textOf(body["LTarget"]).length;
      const operand = operands[size % operands.length] ?? "=";
      const isHosts = operand === "distinct_hosts" && size % 2 === 0;
      return {
        ...body,
        Operand: body["Operand"] === "" ? operand : (body["Operand"] ?? "="),
        RTarget: isHosts ? String(size % 4 === 0) : (body["RTarget"] ?? ""),
      };
    }
    case "Periodic":
      return "Spec" in body || "Specs" in body ? { ...body, SpecType: "cron" } : body;
    case "Scaling":
      return { Max: 1, ...body, Type: "horizontal", CreateIndex: 0, ModifyIndex: 0 };
    case "ScalingPolicies": {
      const { $label: label, ...rest } = body;
      const isCpu = textOf(label).length % 2 === 0;
      return {
        ...rest,
        Type: isCpu ? "vertical_cpu" : "vertical_mem",
        CreateIndex: 0,
        ModifyIndex: 0,
      };
    }
    case "Vault":
      return { Env: true, DisableFile: false, ChangeMode: "restart", ...body };
    case "Templates":
      return { ChangeMode: "restart", Perms: "0644", Splay: 5e9, ErrMissingKey: false, ...body };
    case "ChangeScript":
      return { Args: [], Timeout: 5e9, FailOnError: false, RunOnFirstRender: false, ...body };
    case "Networks":
      return sortPorts(body);
    case "Tasks":
      return sortIdentities(oneScalingEach(body));
    default:
      return body;
  }
}

function jobNames({ $label: label = "", ...rest }: Record<string, Json>): Body {
  return { Dispatched: false, ID: label, Name: label, ...rest };
}

function sortPorts({ $ports: ports, ...rest }: Record<string, Json>): Body {
  const all = Array.isArray(ports) ? (ports as readonly Body[]) : [];
  const fixed = all.filter((port) => Number(port["Value"]) > 0);
  const dynamic = all.filter((port) => Number(port["Value"]) <= 0);
  return {
    ...rest,
    ...(fixed.length === 0 ? {} : { ReservedPorts: fixed }),
    ...(dynamic.length === 0 ? {} : { DynamicPorts: dynamic }),
  };
}

function oneScalingEach(body: Record<string, Json>): Record<string, Json> {
  const policies = body["ScalingPolicies"];
  if (!Array.isArray(policies)) return body;
  const types = (policies as readonly Body[]).map(({ Type }) => Type);
  return { ...body, ScalingPolicies: policies.filter((_, at) => types.indexOf(types[at]) === at) };
}

function sortIdentities({ $identities: identities, ...rest }: Record<string, Json>): Body {
  if (!Array.isArray(identities)) return rest;
  const all = identities as readonly Body[];
  const own = all.find(({ Name: n }) => n === "" || n === "default");
  if (own === undefined) return { ...rest, Identities: all };
  return { ...rest, Identity: own, Identities: all.filter((one) => one !== own) };
}

const withoutUndefined = (body: Record<string, Json | undefined>): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
