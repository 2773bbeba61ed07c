/** The types of plan-engine.mjs, for its test: the scripts themselves run before any package is there. */
export interface EngineFacts {
  readonly state: string;
  readonly dockerHost: string | undefined;
  readonly hasDockerd: boolean;
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  readonly mayInstall: boolean;
}
export interface EnginePlan {
  readonly kind: "use" | "install" | "start" | "without";
  readonly say: readonly string[];
}
export function planEngine(facts: EngineFacts): EnginePlan;
export function engineAddress(
  dockerHost: string | undefined,
): { readonly socketPath: string } | { readonly host: string; readonly port: number } | undefined;
export function isYes(answer: string): boolean;
export function runtimePackages(listing: string): string[];
export function splitImage(name: string): { readonly repo: string; readonly tag: string };
export function isNodeTooOld(version: string): boolean;
export function nodeWarning(version: string): string | undefined;
export function isStaticProgram(bytes: Buffer): boolean;
