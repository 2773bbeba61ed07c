/** Chance as a port: tests and the simulation hand in a seeded one. */
export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** A version 4 UUID, lower case. */
  uuid(): string;
}
