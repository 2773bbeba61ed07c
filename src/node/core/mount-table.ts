/** One line of `/proc/self/mountinfo`. */
export interface Mounted {
  readonly point: string;
  readonly source: string;
}

/** What is mounted, in the order in which it was. */
export function parseMountInfo(text: string): readonly Mounted[] {
  return text.split("\n").flatMap((line) => {
    const fields = line.split(" ");
    const separator = fields.indexOf("-", 6);
    const [point, source] = [fields[4], fields[separator + 2]];
    if (separator < 0 || point === undefined || source === undefined) return [];
    return [{ point: unescaped(point), source: unescaped(source) }];
  });
}

/** The mounts below a folder, last mounted first: the order in which they can be taken away. */
export const mountsBelow = (mounts: readonly Mounted[], folder: string): readonly Mounted[] =>
  mounts.filter(({ point }) => point.startsWith(`${folder}/`)).toReversed();

/** As the kernel writes it. */
export const escapedPoint = (point: string): string =>
  point.replace(/[\\ \t\n]/g, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, "0")}`);

/** The kernel writes blanks and backslashes as octal numbers. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
