/** How often a property is tried: seldom in every test run, `FUZZ_FACTOR` times as often in the long one. */
export const runs = (few: number): { readonly numRuns: number } => ({
  numRuns: few * Number(process.env["FUZZ_FACTOR"] ?? 1),
});

const isLong = process.env["FUZZ_FACTOR"] !== undefined;

/** The same cases in every test run; the long one tries others each time and says from which seed. */
export const tries = (few: number): { readonly numRuns: number; readonly seed?: number } =>
  isLong ? runs(few) : { ...runs(few), seed: 7 };

/** Only what hangs is meant: how long it takes says more of the machine than of what is tried. */
export const patience = isLong ? 3_600_000 : 300_000;
