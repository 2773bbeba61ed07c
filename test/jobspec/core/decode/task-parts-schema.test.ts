import { expect, test } from "vitest";
import { taskOf } from "../../support.ts";

test("templates and their scripts are filled in while they are read", () => {
  expect(taskOf("template {\n change_script {\n }\n}")["Templates"]).toEqual([
    {
      ChangeMode: "restart",
      Perms: "0644",
      Splay: 5e9,
      ErrMissingKey: false,
      ChangeScript: { Args: [], Timeout: 5e9, FailOnError: false, RunOnFirstRender: false },
    },
  ]);
});
