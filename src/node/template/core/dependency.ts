import { assertNever } from "../../../lib/errors.ts";
/** Something outside the template that its text depends on. */
export type Dependency =
  | {
      readonly kind: "variable";
      readonly path: string;
      readonly namespace: string;
      readonly region: string;
    }
  | {
      readonly kind: "variables";
      readonly prefix: string;
      readonly namespace: string;
      readonly region: string;
    }
  | ServiceDependency
  | { readonly kind: "services"; readonly namespace: string; readonly region: string }
  | { readonly kind: "file"; readonly path: string };

export interface ServiceDependency {
  readonly kind: "service";
  readonly name: string;
  readonly tag: string;
  /** Empty for those of the task. */
  readonly namespace: string;
  readonly region: string;
  /** Only so many, chosen by hashing with the key. */
  readonly choose: { readonly count: number; readonly key: string } | undefined;
}

const longestName = 512;

/** How the dependency is named to people; the same text means the same dependency. */
export function dependencyText(dependency: Dependency): string {
  switch (dependency.kind) {
    case "variable":
      return `nomad.var.block(${dependency.path}@${dependency.namespace}.${dependency.region})`;
    case "variables":
      return `nomad.var.list(${dependency.prefix}@${dependency.namespace}.${dependency.region})`;
    case "service":
      return `nomad.service(${serviceText(dependency)})`;
    case "services": {
      const place = dependency.namespace + at(dependency.region);
      return place === "" ? "nomad.services" : `nomad.services(${place})`;
    }
    case "file":
      return `file(${dependency.path})`;
    default:
      return assertNever(dependency);
  }
}

const at = (region: string): string => (region === "" ? "" : `@${region}`);

function serviceText({ name, tag, namespace, region, choose }: ServiceDependency): string {
  const within = namespace === "" ? "" : `?ns=${namespace}`;
  const chosen = choose === undefined ? "" : `:${choose.count}|${choose.key}`;
  return `${tag === "" ? "" : `${tag}.`}${name}${within}${at(region)}${chosen}`;
}

/** `tag.name?ns=namespace@region`; undefined for what is no such text. */
export function parseServiceName(
  text: string,
): Omit<ServiceDependency, "kind" | "choose"> | undefined {
  if (text.length > longestName) return undefined;
  const match =
    /^(?:([\p{L}\p{N}=:._-]+)\.)?([\p{L}\p{N}_/-]+)(?:\?ns=([\p{L}\p{N}_-]+))?(?:@([\p{L}\p{N}._-]+))?$/u.exec(
      text,
    );
  if (match === null) return undefined;
  const [, tag = "", name = "", namespace = "", region = ""] = match;
  return { name, tag, namespace, region };
}

/** `path`, `path@namespace`, `path@namespace.region`; undefined for what is no such text. */
export function parseVariablePath(
  text: string,
  home: { readonly namespace: string; readonly region: string },
): { readonly path: string; readonly namespace: string; readonly region: string } | undefined {
  if (text.length > longestName) return undefined;
  const match = /^([A-Za-z0-9_~/-]+)(?:@([A-Za-z0-9-]+|\*)(?:\.([A-Za-z0-9_-]+))?)?$/.exec(text);
  if (match === null) return undefined;
  const [, path = "", namespace = home.namespace, region = home.region] = match;
  return { path: path.replaceAll(/^\/+|\/+$/g, ""), namespace, region };
}
