import { jobSchema } from "../../src/jobspec/core/model/job-schema.ts";
import type { Kind, Schema } from "../../src/jobspec/core/model/schema.ts";
import { isDeepEqual } from "../../src/lib/deep-equal.ts";
import { assertNever } from "../../src/lib/errors.ts";
import type { Json, JsonObject } from "../../src/lib/json.ts";
import type { Job } from "../../src/model/job.ts";

export interface Change {
  /** Field names from the job down, joined by dots; places in lists and maps are left out. */
  readonly path: string;
  readonly job: Job;
}

/** Every job that differs from this one in one field, block or list entry. */
export function changesOf(job: Job): readonly (() => Change)[] {
  const json = JSON.parse(JSON.stringify(job)) as JsonObject;
  return inSchema(jobSchema, json, []).map(({ path, value }) => () => ({
    path: path.join("."),
    job: value() as Job,
  }));
}

interface Site {
  readonly path: readonly string[];
  readonly value: () => unknown;
}

function inSchema(schema: Schema, object: JsonObject, path: readonly string[]): Site[] {
  return schema.fields.flatMap((field) => {
    const name = field.storedName;
    const value = object[name];
    if (field.stored === undefined || value === undefined) return [];
    return inValue(field.kind, value, [...path, name]).map((site) => ({
      path: site.path,
      value: () => ({ ...object, [name]: site.value() }),
    }));
  });
}

function inValue(kind: Kind, value: Json, path: readonly string[]): Site[] {
  const changed = (to: Json): Site => ({ path, value: () => to });
  if (value === null) return empty(kind).map(changed);
  switch (kind.kind) {
    case "text":
      return [changed(`${JSON.stringify(value)}x`)];
    case "bool":
      return [changed(value !== true)];
    case "whole":
    case "duration":
      return [changed(Number(value) + (Math.abs(Number(value)) > 2 ** 52 ? -4096 : 1))];
    case "free":
      return [changed(`${JSON.stringify(value)}x`)];
    case "object":
      return inSchema(kind.schema, value as JsonObject, path);
    case "list": {
      const list = value as readonly Json[];
      return [
        // An empty text has nothing to show in a diff.
        ...list.flatMap((item, at) =>
          (item === "" ? [] : inValue(kind.of, item, path)).map((site) => ({
            path: site.path,
            value: () => list.with(at, site.value() as Json),
          })),
        ),
        // Of two that are alike one can go without a trace: lists are compared as sets.
        ...(list[0] !== "" && list.slice(1).some((item) => !isDeepEqual(item, list[0]))
          ? [changed(list.filter((item) => !isDeepEqual(item, list[0])))]
          : []),
      ];
    }
    case "map": {
      const map = value as JsonObject;
      return Object.entries(map).flatMap(([key, item]) =>
        inValue(kind.of, item, path).map((site) => ({
          path: site.path,
          value: () => ({ ...map, [key]: site.value() }),
        })),
      );
    }
    default:
      return assertNever(kind);
  }
}

/** Something where nothing was; blocks are too much to make up. */
function empty(kind: Kind): readonly Json[] {
  switch (kind.kind) {
    case "text":
      return ["x"];
    case "bool":
      return [true];
    case "whole":
    case "duration":
      return [1];
    case "free":
    case "object":
      return [];
    case "list":
      return empty(kind.of).map((item) => [item]);
    case "map":
      return empty(kind.of).map((item) => ({ x: item }));
    default:
      return assertNever(kind);
  }
}
