import { expect, test } from "vitest";
import { chooseServices, parseServiceChoice } from "../../src/reconciler/choose-services.ts";
import { buildRegistered } from "../support/build-service.ts";

const all = [1, 2, 3, 4, 5].map((n) => buildRegistered(n));

test.each([
  ["1|abc", { count: 1, key: "abc" }],
  ["2|a|b", { count: 2, key: "a|b" }],
  ["abc", undefined],
  ["x|abc", undefined],
  ["1|", undefined],
])("%s is read as %j", (text, choice) => {
  expect(parseServiceChoice(text)).toEqual(choice);
});

test("one key always gets the same instances, and loses only those that go", () => {
  const chosen = chooseServices(all, { count: 3, key: "client" });
  expect(chooseServices([...all].reverse(), { count: 3, key: "client" })).toEqual(chosen);
  const left = all.filter((one) => one !== chosen[0]);
  expect(chooseServices(left, { count: 3, key: "client" }).slice(0, 2)).toEqual(chosen.slice(1));
});

test("different keys spread over the instances, and there are never more than there are", () => {
  const firsts = Array.from({ length: 50 }, (_, n) =>
    chooseServices(all, { count: 1, key: `${n}` }),
  );
  expect(new Set(firsts.map(([first]) => first?.Port)).size).toBe(5);
  expect(chooseServices(all, { count: 9, key: "k" })).toHaveLength(5);
});
