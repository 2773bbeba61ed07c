import type { OptionTable } from "../core/option-table.ts";
import { isolationOptions } from "../exec/options.ts";

/** Every published option of a java task. */
export const javaOptions: OptionTable = {
  class: { kind: "text" },
  class_path: { kind: "text" },
  jar_path: { kind: "text" },
  jvm_options: { kind: "texts" },
  args: { kind: "texts" },
  ...isolationOptions,
};
