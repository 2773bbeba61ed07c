/** One line of a table that mount(8) works through from top to bottom. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  /** `none` for a part of the file system that is there already. */
  readonly type: string;
  readonly options: readonly string[];
}

export const mountTable = (mounts: readonly Mount[]): string =>
  mounts
    .map(({ source, target, type, options }) =>
      [escape(source), escape(target), type, options.map(escape).join(","), "0", "0"].join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");

/** Blanks separate the fields, so the kernel and mount(8) write them as octal numbers. */
const escape = (text: string): string =>
  text.replace(/[\s\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);

/** Where something is mounted already, from the text of `/proc/self/mountinfo`. */
export const mountPoints = (mountinfo: string): readonly string[] =>
  mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4])
    .filter((path) => path !== undefined)
    .map((path) =>
      path.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
