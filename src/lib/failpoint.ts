/**
 * A hook at a named place where a crash would hurt: tests kill the process there and check that it heals.
 * In production it does nothing.
 */
export type Failpoint = (name: string) => void;

export const noFailpoint: Failpoint = () => undefined;
