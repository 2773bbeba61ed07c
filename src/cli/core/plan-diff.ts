import { assertNever } from "../../lib/errors.ts";
import type {
  DiffType,
  FieldDiff,
  JobDiff,
  ObjectDiff,
  TaskDiff,
  TaskGroupDiff,
} from "../../model/job-diff.ts";
import type { Paint } from "./paint.ts";
import { byText, quote } from "./values.ts";

/**
 * The tree of a plan. Every line is indent, mark, padding, name. The padding brings the names of one level to the
 * same column, so it depends on the widest mark of that level; values are aligned by the longest field name.
 */
interface Pen {
  readonly paint: Paint;
  readonly verbose: boolean;
}

export function planDiff(diff: JobDiff, verbose: boolean, paint: Paint): string {
  const pen: Pen = { paint, verbose };
  const groups = diff.TaskGroups ?? [];
  const level = levelOf(diff.Fields, diff.Objects, groups);
  const lines = [`${mark(pen, diff.Type)}${paint.bold(`Job: ${quote(diff.ID)}`)}`];
  if (diff.Type === "Edited" || verbose)
    lines.push(...members(pen, diff.Fields, diff.Objects, { indent: 0, level }));
  // An empty line ends each group.
  for (const group of groups) lines.push(...groupLines(pen, group, level), "");
  return lines.join("\n").trim();
}

interface Level {
  readonly mark: number;
  readonly name: number;
}

function groupLines(pen: Pen, group: TaskGroupDiff, outer: Level): string[] {
  const tasks = group.Tasks ?? [];
  const level = levelOf(group.Fields, group.Objects, tasks);
  const title = pen.paint.bold(`Task Group: ${quote(group.Name)}`);
  const updates = Object.entries(group.Updates ?? {})
    .sort(([a], [b]) => byText(a, b))
    .map(([update, count]) => paintUpdate(pen.paint, update, `${count} ${update}`));
  const counts = updates.length === 0 ? "" : ` (${updates.join(", ")})`;
  return [
    `${mark(pen, group.Type)}${padding(outer, group.Type)}${title}${counts}`,
    ...(group.Type === "Edited" || pen.verbose
      ? members(pen, group.Fields, group.Objects, { indent: 2, level })
      : []),
    ...tasks.flatMap((task) => taskLines(pen, task, level)),
  ];
}

function taskLines(pen: Pen, task: TaskDiff, outer: Level): string[] {
  const indent = 2;
  const title = pen.paint.bold(`Task: ${quote(task.Name)}`);
  const line = `${blanks(indent)}${mark(pen, task.Type)}${padding(outer, task.Type)}${title}${annotations(pen, task.Annotations)}`;
  const isWhole = task.Type === "Added" || task.Type === "Deleted";
  if (task.Type === "None" || (isWhole && !pen.verbose)) return [line];
  const level = levelOf(task.Fields, task.Objects, []);
  return [line, ...members(pen, task.Fields, task.Objects, { indent: indent + 2, level })];
}

interface Place {
  readonly indent: number;
  readonly level: Level;
}

function members(
  pen: Pen,
  fields: readonly FieldDiff[] | null,
  objects: readonly ObjectDiff[] | null,
  place: Place,
): string[] {
  return [
    ...(fields ?? []).map((field) => fieldLine(pen, field, place)),
    ...(objects ?? []).flatMap((object) => objectLines(pen, object, place)),
  ];
}

function fieldLine(pen: Pen, field: FieldDiff, { indent, level }: Place): string {
  const name = `${field.Name}:${blanks(level.name - field.Name.length)}`;
  return `${blanks(indent)}${mark(pen, field.Type)}${padding(level, field.Type)}${name} ${fieldValue(field)}${annotations(pen, field.Annotations)}`;
}

function fieldValue(field: FieldDiff): string {
  switch (field.Type) {
    case "Deleted":
      return quote(field.Old);
    case "Edited":
      return `${quote(field.Old)} => ${quote(field.New)}`;
    case "Added":
    case "None":
      return quote(field.New);
    default:
      return assertNever(field.Type);
  }
}

function objectLines(pen: Pen, object: ObjectDiff, { indent, level }: Place): string[] {
  const pad = padding(level, object.Type);
  const inner = members(pen, object.Fields, object.Objects, {
    indent: indent + pad.length + 2,
    level: levelOf(object.Fields, object.Objects, []),
  });
  return [
    `${blanks(indent)}${mark(pen, object.Type)}${pad}${object.Name} {`,
    // An object whose only difference is not listed still shows an empty line.
    ...(inner.length === 0 ? [""] : inner),
    `${blanks(indent + markText(object.Type).length + pad.length)}}`,
  ];
}

function levelOf(
  fields: readonly FieldDiff[] | null,
  objects: readonly ObjectDiff[] | null,
  others: readonly { readonly Type: DiffType }[],
): Level {
  const all = [...(fields ?? []), ...(objects ?? []), ...others];
  return {
    mark: Math.max(0, ...all.map((part) => markText(part.Type).length)),
    name: Math.max(0, ...(fields ?? []).map((field) => field.Name.length)),
  };
}

function markText(type: DiffType): string {
  switch (type) {
    case "Added":
      return "+ ";
    case "Deleted":
      return "- ";
    case "Edited":
      return "+/- ";
    case "None":
      return "";
    default:
      return assertNever(type);
  }
}

function mark(pen: Pen, type: DiffType): string {
  const text = markText(type);
  if (text === "") return "";
  const sign = text.trimEnd();
  const painted =
    type === "Added"
      ? pen.paint.green(sign)
      : type === "Deleted"
        ? pen.paint.red(sign)
        : pen.paint.yellow(sign);
  return `${painted} `;
}

const padding = (level: Level, type: DiffType): string =>
  blanks(level.mark - markText(type).length);
const blanks = (count: number): string => " ".repeat(Math.max(0, count));

function annotations(pen: Pen, texts: readonly string[] | null | undefined): string {
  if (!texts || texts.length === 0) return "";
  return ` (${texts.map((text) => paintUpdate(pen.paint, text.replace(/^forces /, ""), text)).join(", ")})`;
}

function paintUpdate(paint: Paint, update: string, text: string): string {
  switch (update) {
    case "create":
      return paint.green(text);
    case "destroy":
      return paint.red(text);
    case "migrate":
    case "canary":
      return paint.yellow(text);
    case "in-place update":
      return paint.cyan(text);
    case "create/destroy update":
      return paint.yellow(text);
    default:
      return text;
  }
}
