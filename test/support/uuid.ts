/** A UUID that shows which object it is: `uuid(7)`. */
export const uuid = (n: number): string =>
  `${String(n).padStart(8, "0")}-0000-4000-a000-000000000000`;
