import type { BlockSpec } from "./spec-types.ts";

export const identitySpec: BlockSpec = {
  arguments: {
    name: "Name:string",
    aud: "Audience:strings?",
    change_mode: "ChangeMode:string",
    change_signal: "ChangeSignal:string",
    env: "Env:bool",
    file: "File:bool",
    filepath: "Filepath:string",
    service_name: "ServiceName:string",
    ttl: "TTL:duration",
    extra_claims: "ExtraClaims:strings?",
  },
};
