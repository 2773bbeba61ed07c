import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../lib/json.ts";
import { allocationId } from "../../model/ids.ts";
import type { TaskKey, TaskOwner, TaskSpec } from "../port.ts";

/** All there is of a pretended task: how it goes on follows from this and the time. */
export interface MockRecord {
  readonly key: TaskKey;
  readonly owner: TaskOwner;
  readonly specHash: string;
  readonly attempt: number;
  /** The decoded options. */
  readonly options: JsonObject;
  readonly startedAtMs: number;
  readonly killedAtMs?: number;
}
export interface MockRecords {
  write(handle: string, record: MockRecord): void;
  read(handle: string): MockRecord | undefined;
  list(owner: TaskOwner): readonly (readonly [handle: string, record: MockRecord])[];
  remove(handle: string): void;
}

export const mockHandle = (spec: TaskSpec): string =>
  `${spec.key.allocationId}-${Buffer.from(spec.key.task).toString("hex")}-${spec.attempt}`;

const ending = ".json";

/** One small file a task, so that a restarted agent finds its tasks again. */
export function mockRecords(root: string): MockRecords {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const path = (handle: string): string => join(root, `${handle}${ending}`);
  const read = (handle: string): MockRecord | undefined => {
    if (!existsSync(path(handle))) return undefined;
    const record = JSON.parse(readFileSync(path(handle), "utf8")) as MockRecord;
    return {
      ...record,
      key: { ...record.key, allocationId: allocationId(record.key.allocationId) },
    };
  };
  return {
    read,
    write(handle, record) {
      writeFileSync(`${path(handle)}.new`, JSON.stringify(record), { mode: 0o600 });
      renameSync(`${path(handle)}.new`, path(handle));
    },
    list(owner) {
      const found: (readonly [string, MockRecord])[] = [];
      for (const name of readdirSync(root)) {
        if (!name.endsWith(ending)) continue;
        const handle = name.slice(0, -ending.length);
        const record = read(handle);
        if (record?.owner.cluster === owner.cluster && record.owner.nodeId === owner.nodeId)
          found.push([handle, record]);
      }
      return found;
    },
    remove(handle) {
      rmSync(path(handle), { force: true });
    },
  };
}
