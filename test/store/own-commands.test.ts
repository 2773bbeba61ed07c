import { expect, test } from "vitest";
import { breatherOf } from "../../src/lib/breather.ts";
import { decodeCommand, encodeCommand } from "../../src/store/command-codec.ts";
import type { Command } from "../../src/store/commands.ts";
import { OwnCommands } from "../../src/store/own-commands.ts";
import { buildRegistration } from "../support/build-commands.ts";
import { buildGroup, buildJob } from "../support/build-job.ts";
import { FakeClock } from "../support/fake-clock.ts";

const registration = (groups: number, meta: object = {}): Command<"job.register"> => ({
  type: "job.register",
  proposedAt: 1,
  body: buildRegistration(
    buildJob({
      TaskGroups: Array.from({ length: groups }, (_, n) => buildGroup({ Name: `g${n}` })),
      ...meta,
    }),
  ),
});

function watched(): { readonly commands: OwnCommands; readonly decoded: Uint8Array[] } {
  const decoded: Uint8Array[] = [];
  const commands = new OwnCommands(breatherOf(new FakeClock()), (data) => {
    decoded.push(data);
    return decodeCommand(data);
  });
  return { commands, decoded };
}

test("a large command has the bytes of encodeCommand and is not read again from them", async () => {
  const { commands, decoded } = watched();
  const command = registration(500);
  const data = await commands.encode(command);
  expect(Buffer.from(data).equals(encodeCommand(command))).toBe(true);
  expect(commands.decode(data)).toBe(command);
  expect(decoded).toEqual([]);
});

test("the same bytes from elsewhere are read", async () => {
  const { commands, decoded } = watched();
  const data = Uint8Array.from(await commands.encode(registration(500)));
  expect(commands.decode(data)).toEqual(registration(500));
  expect(decoded).toHaveLength(1);
});

test("a small command is read from its bytes, as on every other server", async () => {
  const { commands, decoded } = watched();
  const data = await commands.encode(registration(1));
  expect(commands.decode(data)).toEqual(registration(1));
  expect(decoded).toHaveLength(1);
});

test("so is one that its bytes do not give back: all servers must see the same", async () => {
  const { commands, decoded } = watched();
  const data = await commands.encode(registration(500, { UI: undefined }));
  const { body } = commands.decode(data);
  expect(decoded).toHaveLength(1);
  expect("job" in body && body.job !== null && Object.keys(body.job)).not.toContain("UI");
});

test("what is too large is refused before all of it is written", async () => {
  const { commands } = watched();
  let looks = 0;
  const last = {
    get text(): string {
      looks += 1;
      return "x";
    },
  };
  const command = registration(500, {
    Meta: { long: "x".repeat(17 * 1024 * 1024) },
    VersionTag: last,
  });
  await expect(commands.encode(command)).rejects.toThrow("the change is too large: more than");
  expect(looks).toBe(0);
});
