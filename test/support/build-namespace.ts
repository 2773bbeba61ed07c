import type { Namespace } from "../../src/model/namespace.ts";

/** The namespace that every cluster has, or another one like it. */
export const buildNamespace = (over: Partial<Namespace> = {}): Namespace => ({
  Name: "default",
  Description: "Default shared namespace",
  Quota: "",
  Capabilities: null,
  NodePoolConfiguration: null,
  VaultConfiguration: null,
  ConsulConfiguration: null,
  Meta: null,
  Hash: "",
  CreateIndex: 1,
  ModifyIndex: 1,
  ...over,
});
