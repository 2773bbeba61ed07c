import { expect, test } from "vitest";
import {
  decideImages as decide,
  type ImageUser,
} from "../../../../src/reconciler/core/node/image-use.ts";

const user = (version: number, name: string, overrides: Partial<ImageUser> = {}): ImageUser => ({
  job: "default/web",
  version,
  isOver: false,
  images: [{ driver: "docker", name }],
  ...overrides,
});
const image = (name: string, ...versions: number[]) => ({
  driver: "docker",
  id: `id of ${name}`,
  name,
  uses: versions.map((version) => ({ job: "default/web", version })),
});
const decideImages = (
  images: Parameters<typeof decide>[0],
  users: readonly ImageUser[],
  isRemembered = true,
): ReturnType<typeof decide> => decide(images, users, () => isRemembered);
const wanted = (found: ReturnType<typeof decideImages>): readonly string[] =>
  found.filter(({ isWanted }) => isWanted).map(({ image: { name } }) => name);

test("what a living allocation runs from is wanted, whatever its version", () => {
  const users = [user(1, "old:1"), ...[7, 8, 9].map((version) => user(version, "new:1"))];
  const found = decideImages([image("old:1"), image("new:1"), image("other:1")], users);
  expect(wanted(found)).toEqual(["old:1", "new:1"]);
  expect(found[1]?.image.uses.map(({ version }) => version)).toEqual([7, 8, 9]);
});

test("the last three versions of a job that is here keep theirs, also after the servers forgot", () => {
  const images = [1, 2, 3, 4].map((version) => image(`app:${version}`, version));
  expect(wanted(decideImages(images, [user(4, "app:4")]))).toEqual(["app:2", "app:3", "app:4"]);
  const ended = [1, 2, 3].map((version) => user(version, `app:${version}`, { isOver: true }));
  expect(wanted(decideImages(images, [...ended, user(5, "app:5")]))).toEqual(["app:3", "app:4"]);
});

test("a job that has nothing here any more keeps nothing, and after a while its uses are forgotten", () => {
  const over = user(3, "app:3", { isOver: true });
  const found = decideImages([image("app:3", 3)], [over]);
  expect(wanted(found)).toEqual([]);
  expect(found[0]?.image.uses).toHaveLength(1);
  const later = decideImages([image("app:3", 3)], [over], false);
  expect(later[0]?.image.uses).toEqual([]);
});

test("of a job that never changes its image only the last versions are remembered", () => {
  const found = decideImages([image("app:1", 1, 2, 3, 4)], [user(5, "app:1")]);
  expect(found[0]?.image.uses.map(({ version }) => version)).toEqual([3, 4, 5]);
});

test("the same name of another driver is another image", () => {
  const other = user(1, "app:1", { images: [{ driver: "podman", name: "app:1" }] });
  expect(wanted(decideImages([image("app:1")], [other]))).toEqual([]);
});
