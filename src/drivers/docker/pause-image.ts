import { Readable } from "node:stream";
import { AppError } from "../../lib/errors.ts";
import { readPullLines } from "./pull.ts";
import type { Engine } from "./engine.ts";

/** Changes whenever the program below does. */
export const pauseImage = "nomad-ts/pause:1";

/**
 * What holds a group's network open: a program that waits for ever and needs no registry. Machine words, since nothing
 * smaller keeps a namespace alive: `pause(); jump back` on amd64, `ppoll(0, 0, 0, 0, 0); jump back` on arm64.
 */
const programs: { readonly [architecture: string]: { machine: number; code: readonly number[] } } =
  {
    x64: { machine: 62, code: [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] },
    arm64: {
      machine: 183,
      code: [
        0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800004, 0xd2800928, 0xd4000001,
        0x17fffff9,
      ].flatMap((word) => [
        word & 0xff,
        (word >>> 8) & 0xff,
        (word >>> 16) & 0xff,
        (word >>> 24) & 0xff,
      ]),
    },
  };

/** Makes the image unless the engine has it. */
export async function ensurePauseImage(engine: Engine, signal: AbortSignal): Promise<string> {
  const there = await engine.askUnless(
    [404],
    { place: "docker-image", what: `inspect image ${pauseImage}`, signal },
    () => engine.docker.getImage(pauseImage).inspect(),
  );
  if (there !== undefined) return there.Id;
  const [repo = "", tag = ""] = pauseImage.split(":");
  const archive = tarOf("pause", elf(await architectureOf(engine, signal)));
  await engine.ask(
    { place: "docker-import", what: `make image ${pauseImage}`, signal },
    async (abortSignal) => {
      const changes = ['ENTRYPOINT ["/pause"]', "LABEL io.nomad-ts.image=pause"];
      const answer = await engine.docker.importImage(Readable.from([archive]), {
        repo,
        tag,
        changes,
      });
      await readPullLines(answer, abortSignal, (line) => {
        if (line.error !== undefined)
          throw new AppError("image", `cannot make ${pauseImage}: ${line.error}`, {
            fields: { recoverable: true },
          });
      });
    },
  );
  const made = await engine.ask(
    { place: "docker-image", what: `inspect image ${pauseImage}`, signal },
    () => engine.docker.getImage(pauseImage).inspect(),
  );
  return made.Id;
}

async function architectureOf(engine: Engine, signal: AbortSignal): Promise<string> {
  const version = await engine.ask(
    { place: "docker-version", what: "ask for its version", signal },
    () => engine.docker.version(),
  );
  return version.Arch === "amd64" ? "x64" : version.Arch;
}

/** The smallest file that the kernel runs: one header, one segment, the code. */
export function elf(architecture: string): Buffer {
  const program = programs[architecture];
  if (program === undefined)
    throw new AppError(
      "image",
      `there is no built-in pause program for ${architecture}: set infra_image in the docker plugin's config`,
      { fields: { recoverable: false } },
    );
  const base = 0x400000n;
  const headers = 64 + 56;
  const size = BigInt(headers + program.code.length);
  const file = Buffer.alloc(headers + program.code.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(program.machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(base + BigInt(headers), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(base, 80);
  file.writeBigUInt64LE(base, 88);
  file.writeBigUInt64LE(size, 96);
  file.writeBigUInt64LE(size, 104);
  file.writeBigUInt64LE(0x1000n, 112);
  file.set(program.code, headers);
  return file;
}

/** An archive with one runnable file. */
export function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number): string =>
    `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(name, 0);
  header.write(octal(0o755, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
