import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeOptions } from "../../../src/drivers/core/option-table.ts";
import { openEngine } from "../../../src/drivers/docker/engine.ts";
import { removeImage } from "../../../src/drivers/docker/image-removal.ts";
import { createImages, type Images, withTag } from "../../../src/drivers/docker/images.ts";
import {
  defaultDockerConfig,
  type DockerPlugin,
  dockerOptions,
} from "../../../src/drivers/docker/options.ts";
import { registryOf } from "../../../src/drivers/docker/registry-auth.ts";
import type { BroughtImage, DriverNotice } from "../../../src/drivers/port.ts";
import { createSystemClock } from "../../../src/lib/system/clock.ts";
import { systemRandom } from "../../../src/lib/system/random.ts";
import type { JsonMap } from "../../../src/model/job.ts";
import { makeDriverBench } from "../../support/driver-spec.ts";
import { type FakeRegistry, openFakeRegistry } from "../../support/fake-registry.ts";

const docker = new Docker({ socketPath: "/var/run/docker.sock" });
const clock = createSystemClock();
const signal = new AbortController().signal;
let registry: FakeRegistry;
let bench: ReturnType<typeof makeDriverBench>;
let images: Images;
let notices: DriverNotice[];
const pulled = new Set<string>();

const imagesOf = (plugin: Partial<DockerPlugin> = {}): Images => {
  const engine = openEngine(clock, defaultDockerConfig.endpoint, 60_000);
  return createImages(clock, engine, { ...defaultDockerConfig, ...plugin });
};
beforeEach(async () => {
  registry = await openFakeRegistry(systemRandom.uuid());
  bench = makeDriverBench();
  images = imagesOf();
  notices = [];
});
afterEach(async () => {
  for (const id of pulled)
    await docker
      .getImage(id)
      .remove({ force: true })
      .catch(() => undefined);
  pulled.clear();
  await registry.close();
  bench.clean();
});

async function resolve(config: JsonMap, from = images, abort = signal): Promise<string> {
  const { directories } = bench.spec(config);
  const { values } = decodeOptions(config, dockerOptions);
  const notice = (one: DriverNotice): number => notices.push(one);
  const id = await from.resolve({ directories, values, notice, signal: abort });
  pulled.add(id);
  return id;
}
const image = (tag: string): string => `${registry.host}/app${tag}`;

test("an image that is not there is pulled with a notice, and once only", async () => {
  const id = await resolve({ image: image(":1") });
  expect(id).toMatch(/^sha256:/);
  expect(notices).toEqual([{ message: "Downloading image", details: { image: image(":1") } }]);
  expect(await resolve({ image: `https://${image(":1")}` }, imagesOf())).toBe(id);
  expect(registry.pulls).toHaveLength(1);
});

test("two tasks that want the same image share one pull, other credentials do not", async () => {
  const wanted = { image: image(":1") };
  const auth = { username: "u", password: "p" };
  const ids = await Promise.all([resolve(wanted), resolve(wanted), resolve({ ...wanted, auth })]);
  expect(new Set(ids).size).toBe(1);
  expect(notices).toHaveLength(3);
  expect(registry.pulls.length).toBeLessThanOrEqual(2);
});

test("latest, said or not, and force_pull ask the registry each time; a digest does not", async () => {
  await resolve({ image: image("") });
  await resolve({ image: image(":latest") });
  expect(notices).toHaveLength(2);
  const exact = { image: image(`@${registry.digest}`) };
  await resolve(exact);
  const before = notices.length;
  await resolve(exact, imagesOf());
  expect(notices).toHaveLength(before);
  await resolve({ ...exact, force_pull: true });
  expect(notices).toHaveLength(before + 1);
});

test("latest that was brought before a start is not asked for again by it, but by the next one", async () => {
  const config = { image: image(":latest") };
  const { directories, key } = bench.spec(config);
  const { values } = decodeOptions(config, dockerOptions);
  const notice = (one: DriverNotice): number => notices.push(one);
  const request = { directories, values, notice, signal };
  const other = { ...key, task: "other" };
  pulled.add(await images.resolve({ ...request, preparing: key }));
  await images.resolve({ ...request, starting: key });
  expect(notices).toHaveLength(1);
  await images.resolve({ ...request, starting: key });
  await images.resolve({ ...request, preparing: key });
  await images.resolve({ ...request, starting: other });
  expect(notices).toHaveLength(4);
});

test("a start that joins a pull made for it before leaves nothing for the next start to skip", async () => {
  const config = { image: image(":latest") };
  const { directories, key } = bench.spec(config);
  const { values } = decodeOptions(config, dockerOptions);
  const notice = (one: DriverNotice): number => notices.push(one);
  const request = { directories, values, notice, signal };
  const ids = await Promise.all([
    images.resolve({ ...request, preparing: key }),
    images.resolve({ ...request, starting: key }),
  ]);
  for (const id of ids) pulled.add(id);
  expect(notices).toHaveLength(2);
  await images.resolve({ ...request, starting: key });
  expect(notices).toHaveLength(3);
});

test("an image removed in between is pulled again once it is forgotten", async () => {
  const config = { image: image(":1") };
  const id = await resolve(config);
  await docker.getImage(id).remove({ force: true });
  images.forget(decodeOptions(config, dockerOptions).values);
  expect(await resolve(config)).toBe(id);
  expect(notices).toHaveLength(2);
});

test.each(["missing", "locked"] as const)(
  "a %s image fails in words, and may work later",
  async (mode) => {
    registry.mode = mode;
    await expect(resolve({ image: image(":1") })).rejects.toMatchObject({
      code: "image",
      message: expect.stringContaining(`Failed to pull \`${image(":1")}\`: `),
      fields: { recoverable: true },
    });
  },
);

test("a name that cannot exist is hopeless", async () => {
  await expect(resolve({ image: "UPPER/case:1" })).rejects.toMatchObject({
    fields: { recoverable: false },
  });
});

test("a registry that stops in the middle of a layer is given up, for all who wait", async () => {
  registry.mode = "stall";
  const impatient = imagesOf({ pullActivityTimeoutMs: 700 });
  const waiting = [1, 2].map(() => resolve({ image: image(":1") }, impatient));
  for (const outcome of await Promise.allSettled(waiting))
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { code: "image", message: expect.stringContaining("no progress for 0.7 s") },
    });
  registry.mode = "serve";
  expect(await resolve({ image: image(":1") }, impatient)).toMatch(/^sha256:/);
});

test("the whole time of a pull is limited by the task's own option", async () => {
  registry.mode = "stall";
  const config = { image: image(":1"), image_pull_timeout: "500ms" };
  await expect(resolve(config)).rejects.toMatchObject({
    message: expect.stringContaining("it took longer than 0.5 s"),
  });
});

test("one task that gives up does not end the pull of another", async () => {
  const abort = new AbortController();
  registry.mode = "stall";
  const impatient = imagesOf({ pullActivityTimeoutMs: 1_000 });
  const first = resolve({ image: image(":1") }, impatient, abort.signal);
  const second = resolve({ image: image(":1") }, impatient);
  const given = first.catch((thrown: unknown) => thrown);
  abort.abort(new Error("enough"));
  expect(await given).toMatchObject({ code: "cancelled" });
  await expect(second).rejects.toMatchObject({ code: "image" });
});

test("an archive in the task's local folder is loaded instead of pulled", async () => {
  const { Id } = await docker.getImage("busybox:1.36").inspect();
  const { directories } = bench.spec({});
  const archive = await docker.getImage("busybox:1.36").get();
  await pipeline(archive, createWriteStream(join(directories.local, "image.tar")));
  const { values } = decodeOptions({ image: "busybox:1.36", load: "image.tar" }, dockerOptions);
  expect(await images.resolve({ directories, values, notice: () => undefined, signal })).toBe(Id);
  const missing = { ...values, load: "missing.tar" };
  await expect(
    images.resolve({ directories, values: missing, notice: () => undefined, signal }),
  ).rejects.toMatchObject({ code: "image", fields: { recoverable: true } });
});

test("an archive outside of the task's local folder is not loaded", async () => {
  await expect(resolve({ image: image(":1"), load: "../../x.tar" })).rejects.toMatchObject({
    fields: { recoverable: false },
  });
});

test("names get their tag and their registry as Docker would read them", () => {
  expect(["a", "a:1", "h:5000/a", "a@sha256:1"].map(withTag)).toEqual([
    "a:latest",
    "a:1",
    "h:5000/a:latest",
    "a@sha256:1",
  ]);
  expect(["a/b:1", "h.de/a", "localhost/a"].map(registryOf)).toEqual([
    "https://index.docker.io/v1/",
    "h.de",
    "localhost",
  ]);
});

const engineOf = () => openEngine(clock, defaultDockerConfig.endpoint, 60_000);
function withListener(): { readonly brought: BroughtImage[]; readonly from: Images } {
  const brought: BroughtImage[] = [];
  const from = createImages(clock, engineOf(), defaultDockerConfig, (name) => (id) => {
    if (id !== undefined) brought.push({ id, name });
  });
  return { brought, from };
}

test("an image is told as brought when it was not here before, and only then", async () => {
  const { brought, from } = withListener();
  const id = await resolve({ image: image(":1") }, from);
  expect(brought).toEqual([{ id, name: image(":1") }]);
  await resolve({ image: image(":1") }, from);
  await resolve({ image: image(":1"), force_pull: true }, from);
  expect(brought).toHaveLength(1);
});

test("an image is told of before it comes, and so is a pull that brings nothing", async () => {
  const told: unknown[] = [];
  const from = createImages(clock, engineOf(), defaultDockerConfig, (name, isHere) => {
    told.push(["bringing", name, isHere]);
    return (id) => told.push(["ended", id]);
  });
  registry.mode = "missing";
  await expect(resolve({ image: image(":1") }, from)).rejects.toThrow("Failed to pull");
  registry.mode = "serve";
  const id = await resolve({ image: image(":1") }, from);
  await resolve({ image: image(":1"), force_pull: true }, from);
  expect(told).toEqual([
    ["bringing", image(":1"), false],
    ["ended", undefined],
    ["bringing", image(":1"), false],
    ["ended", id],
    ["bringing", image(":1"), true],
    ["ended", undefined],
  ]);
});

test("an image that a person pulled stays theirs, also when a task asks the registry for it", async () => {
  await resolve({ image: image(":latest") });
  const { brought, from } = withListener();
  await resolve({ image: image(":latest") }, from);
  expect(notices.map(({ message }) => message)).toEqual(Array(2).fill("Downloading image"));
  expect(brought).toEqual([]);
});

test("a brought image is removed unless a container has it, running or not", async () => {
  const id = await resolve({ image: image(":1") });
  const made = await docker.createContainer({ Image: id, Cmd: ["/file"] });
  const brought = { id, name: image(":1") };
  try {
    expect(await removeImage(engineOf(), brought, signal)).toBe("held");
    expect((await docker.getImage(id).inspect()).Id).toBe(id);
  } finally {
    await made.remove({ force: true });
  }
  expect(await removeImage(engineOf(), brought, signal)).toBe("removed");
  await expect(docker.getImage(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  expect(await removeImage(engineOf(), brought, signal)).toBe("removed");
});

test("a brought image that somebody gave another name keeps that one", async () => {
  const id = await resolve({ image: image(":1") });
  await docker.getImage(id).tag({ repo: `${registry.host}/theirs`, tag: "1" });
  expect(await removeImage(engineOf(), { id, name: image(":1") }, signal)).toBe("removed");
  expect((await docker.getImage(id).inspect()).RepoTags).toEqual([`${registry.host}/theirs:1`]);
  expect(await removeImage(engineOf(), { id, name: image(":1") }, signal)).toBe("removed");
  expect((await docker.getImage(id).inspect()).Id).toBe(id);
});

test("a brought image is removed by its digest, and by its id when its name has gone on to another", async () => {
  const name = `${image("")}@${registry.digest}`;
  const id = await resolve({ image: name });
  expect(await removeImage(engineOf(), { id, name }, signal)).toBe("removed");
  await expect(docker.getImage(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  const again = await resolve({ image: image(":1") });
  await docker.getImage("busybox:1.36").tag({ repo: image(""), tag: "1" });
  expect(await removeImage(engineOf(), { id: again, name: image(":1") }, signal)).toBe("removed");
  await expect(docker.getImage(again).inspect()).rejects.toMatchObject({ statusCode: 404 });
  await docker.getImage(image(":1")).remove();
});
