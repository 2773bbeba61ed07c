import { expect, test } from "vitest";
import { taskOf } from "../../support.ts";

test("an identity has all its plain fields", () => {
  expect(taskOf('identity {\n name = "x"\n ttl = "1h"\n}')["Identities"]).toEqual([
    {
      Name: "x",
      ChangeMode: "",
      ChangeSignal: "",
      Env: false,
      File: false,
      Filepath: "",
      ServiceName: "",
      TTL: 3600e9,
    },
  ]);
});
