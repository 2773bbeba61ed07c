/** How often a property is tried: seldom in every test run, `FUZZ_FACTOR` times as often in the long one. */
export const runs = (few: number): { readonly numRuns: number } => ({
  numRuns: few * Number(process.env["FUZZ_FACTOR"] ?? 1),
});
