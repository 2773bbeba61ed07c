import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, test } from "vitest";
import { allFailpoints, failpoints } from "../../src/model/failpoints.ts";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && file !== "model/failpoints.ts")
  .map((file) => [file, readFileSync(join("src", file), "utf8")] as const);

/** Calls of the engine: the library's methods that answer with a promise. */
const methods = [
  Docker.prototype,
  ...[Docker.Container, Docker.Image, Docker.Network, Docker.Exec].map(
    ({ prototype }) => prototype as object,
  ),
]
  .flatMap((prototype) => Object.getOwnPropertyNames(prototype))
  // A list is pushed to as well.
  .filter(
    (name) =>
      name !== "constructor" &&
      name !== "push" &&
      !/^get(?:Container|Image|Network|Exec)$/.test(name),
  );
const engineCall = new RegExp(
  String.raw`(?:\b(?:docker|fresh|container|image|exec)|\))\.(?:${[...new Set(methods)].join("|")})\(`,
  "g",
);

/** Where the brackets of each `ask(..)` and `askUnless(..)` begin and end. */
function asked(text: string): readonly (readonly [number, number])[] {
  return [...text.matchAll(/\bask(?:Unless)?(?:<[^(]*>)?\(/g)].map((found) => {
    let [depth, at] = [1, found.index + found[0].length];
    for (; depth > 0 && at < text.length; at++) {
      if (text[at] === "(") depth++;
      if (text[at] === ")") depth--;
    }
    return [found.index, at] as const;
  });
}

test("no call of the engine's library goes past the one door that has a place for it", () => {
  const found = files
    .filter(([file]) => file.startsWith("drivers/docker"))
    .flatMap(([file, text]) => {
      const inside = asked(text);
      return [...text.matchAll(engineCall)].map((call) => ({
        call: `${file}: ${call[0]}`,
        isAsked: inside.some(([from, to]) => from < call.index && call.index < to),
      }));
    });
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(({ isAsked }) => !isAsked)).toEqual([]);
});

test("each place of the table is passed somewhere, and each point has a name of its own", () => {
  const places = Object.values(failpoints).flat();
  const unused = places.filter((place) => {
    const used = new RegExp(`"${place}"|"${place}:before"`);
    return !files.some(([, text]) => used.test(text));
  });
  expect(unused).toEqual([]);
  expect(new Set(allFailpoints()).size).toBe(2 * places.length);
});
