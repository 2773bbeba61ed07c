import type { Template } from "../../src/model/job.ts";

export const buildTemplate = (over: Partial<Template> = {}): Template => ({
  SourcePath: "",
  DestPath: "local/out",
  EmbeddedTmpl: "text",
  ChangeMode: "restart",
  ChangeSignal: "",
  ChangeScript: null,
  Once: false,
  Splay: 0,
  Perms: "0644",
  Uid: null,
  Gid: null,
  LeftDelim: "{{",
  RightDelim: "}}",
  Envvars: false,
  VaultGrace: 0,
  Wait: null,
  ErrMissingKey: false,
  ...over,
});
