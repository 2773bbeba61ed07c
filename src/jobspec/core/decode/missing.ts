import type { Block } from "../hcl/ast-types.ts";
import type { Faults } from "../hcl/source.ts";

/** An argument that is not there has no place of its own: the brace where it could stand is named. */
export function refuseMissing(name: string, block: Block, faults: Faults): void {
  faults.at(
    { ...block.braceRange, end: block.braceRange.start },
    "Missing required argument",
    `The argument "${name}" is required, but no definition was found.`,
  );
}
