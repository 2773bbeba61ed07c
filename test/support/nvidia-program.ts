import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detailsText, gpuRows, listText, statsRows } from "./nvidia-answers.ts";
import { writeProgram } from "./write-program.ts";

export interface FakeNvidia {
  /** With this before all else, `nvidia-smi` is ours. */
  readonly dir: string;
  /** What it prints for a query of what there is, of figures, of details and of the list. */
  answer(over: Partial<FakeAnswers>): void;
  /** It does this instead. */
  script(text: string): void;
  remove(): void;
  clean(): void;
}
interface FakeAnswers {
  readonly rows: string;
  readonly stats: string;
  readonly details: string;
  readonly list: string;
}

/** A stand-in for NVIDIA's program, which tells of two cards. */
export function fakeNvidia(): FakeNvidia {
  const dir = mkdtempSync(join(tmpdir(), "nvidia-smi-"));
  const answer = (over: Partial<FakeAnswers>): void => {
    const answers = {
      rows: gpuRows,
      stats: statsRows,
      details: detailsText,
      list: listText,
      ...over,
    };
    for (const [name, text] of Object.entries(answers)) writeFileSync(join(dir, name), text);
    writeProgram(
      dir,
      "nvidia-smi",
      `case "$*" in
        *memory.used*) exec cat ${dir}/stats ;;
        *--query-gpu=*) exec cat ${dir}/rows ;;
        -L) exec cat ${dir}/list ;;
        *) exec cat ${dir}/details ;;
      esac`,
    );
  };
  answer({});
  return {
    dir,
    answer,
    script(text) {
      writeProgram(dir, "nvidia-smi", text);
    },
    remove() {
      rmSync(join(dir, "nvidia-smi"));
    },
    clean() {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
