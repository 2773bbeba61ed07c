import type { RequestedDevice } from "../../../model/job.ts";
import { textAttribute } from "../../../model/device.ts";
import type { DeviceAttribute, NodeDeviceResource } from "../../../model/node.ts";
import type { RegexpSearch } from "./constraints.ts";
import { compareDeviceValues, parseDeviceValue } from "./device-values.ts";
import { versionMatches } from "./versions.ts";

/** A constraint or an affinity of a `device` block. */
interface DeviceRule {
  readonly LTarget: string;
  readonly Operand: string;
  readonly RTarget: string;
}
interface Value {
  readonly attribute: DeviceAttribute;
  /** As it stands in the job file, or the attribute's own text. */
  readonly text: string | undefined;
}

const idsTarget = "${device.ids}";

/** `type`, `vendor/type` or `vendor/type/name`; a name may have slashes of its own. */
export function hasWantedName(wanted: string, device: NodeDeviceResource): boolean {
  const [first = "", second, ...rest] = wanted.split("/");
  if (second === undefined) return first === "" || device.Type === first;
  const name = rest.join("/");
  return (
    (first === "" || device.Vendor === first) &&
    (second === "" || device.Type === second) &&
    (name === "" || device.Name === name)
  );
}

export const deviceMatches = (
  request: RequestedDevice,
  device: NodeDeviceResource,
  search: RegexpSearch,
): boolean =>
  hasWantedName(request.Name, device) &&
  (request.Constraints ?? []).every((rule) => deviceSatisfies(rule, device, search));

/** Does the model satisfy the rule? What is not there equals nothing. */
export function deviceSatisfies(
  rule: DeviceRule,
  device: NodeDeviceResource,
  search: RegexpSearch,
): boolean {
  const left = resolve(rule.LTarget, device);
  const right = resolve(rule.RTarget, device);
  return judge(rule.Operand, left, right, search);
}

/** Of those constraints that name ids, each instance has to be one that is meant. */
export function instanceMatches(
  request: RequestedDevice,
  id: string,
  device: NodeDeviceResource,
  search: RegexpSearch,
): boolean {
  return (request.Constraints ?? []).every(({ LTarget, Operand, RTarget }) => {
    if (LTarget !== idsTarget && RTarget !== idsTarget) return true;
    const named = resolve(LTarget === idsTarget ? RTarget : LTarget, device);
    const own = textValue(id);
    // A pattern is looked for in the id; of a list the id has to be a member.
    return Operand === "regexp"
      ? judge(Operand, own, named, search)
      : judge(Operand, named, own, search);
  });
}

function resolve(target: string, device: NodeDeviceResource): Value | undefined {
  if (!target.startsWith("${")) return { attribute: parseDeviceValue(target), text: target };
  switch (target) {
    case idsTarget:
      return textValue(device.Instances.map(({ ID }) => ID).join(","));
    case "${device.model}":
      return textValue(device.Name);
    case "${device.vendor}":
      return textValue(device.Vendor);
    case "${device.type}":
      return textValue(device.Type);
    default:
  }
  const name = /^\$\{device\.attr\.(.*)\}$/s.exec(target)?.[1];
  const attributes = device.Attributes ?? {};
  if (name === undefined || !Object.hasOwn(attributes, name)) return undefined;
  const attribute = attributes[name];
  return attribute && { attribute, text: attribute.String ?? undefined };
}

const textValue = (text: string): Value => ({ attribute: textAttribute(text), text });

function judge(
  operand: string,
  left: Value | undefined,
  right: Value | undefined,
  search: RegexpSearch,
): boolean {
  switch (operand) {
    case "distinct_hosts":
    case "distinct_property":
      return true;
    case "is_set":
      return left !== undefined;
    case "is_not_set":
      return left === undefined;
    case "!=":
    case "not":
      if (left === undefined || right === undefined) return left !== right;
      return (compareDeviceValues(left.attribute, right.attribute) ?? 0) !== 0;
    default:
      return left !== undefined && right !== undefined && compare(operand, left, right, search);
  }
}

function compare(operand: string, left: Value, right: Value, search: RegexpSearch): boolean {
  const order = compareDeviceValues(left.attribute, right.attribute);
  const [text, wanted] = [left.text, right.text];
  switch (operand) {
    case "=":
    case "==":
    case "is":
      return order === 0;
    case "<":
      return order !== undefined && order < 0;
    case "<=":
      return order !== undefined && order <= 0;
    case ">":
      return order !== undefined && order > 0;
    case ">=":
      return order !== undefined && order >= 0;
    case "version":
    case "semver": {
      const version = text ?? left.attribute.Int?.toString();
      if (version === undefined || wanted === undefined) return false;
      return versionMatches(version, wanted, operand) === true;
    }
    default:
      return (
        text !== undefined && wanted !== undefined && compareTexts(operand, text, wanted, search)
      );
  }
}

function compareTexts(
  operand: string,
  text: string,
  wanted: string,
  search: RegexpSearch,
): boolean {
  const parts = (list: string): string[] => list.split(",").map((part) => part.trim());
  switch (operand) {
    case "regexp":
      return search(wanted, text) === true;
    case "set_contains":
    case "set_contains_all":
      return parts(wanted).every((part) => parts(text).includes(part));
    case "set_contains_any":
      return parts(wanted).some((part) => parts(text).includes(part));
    default:
      return false;
  }
}
