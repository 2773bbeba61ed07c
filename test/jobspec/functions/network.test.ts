import { expect, test } from "vitest";
import type { Json } from "../../../src/lib/json.ts";
import { faultOf, valueOf } from "../support.ts";

test("networks are cut into parts", () => {
  const cases: readonly (readonly [string, Json])[] = [
    ['cidrhost("10.0.0.0/8", 2)', "10.0.0.2"],
    ['cidrhost("10.1.2.3/24", 0)', "10.1.2.0"],
    ['cidrhost("10.0.0.0/24", -1)', "10.0.0.255"],
    ['cidrhost("10.0.0.4/32", 0)', "10.0.0.4"],
    ['cidrhost("0.0.0.0/0", 4294967295)', "255.255.255.255"],
    ['cidrhost("::/0", 0)', "::"],
    ['cidrhost("fd00::/64", 65536)', "fd00::1:0"],
    ['cidrhost("1:0:0:2:0:0:0:3/128", 0)', "1:0:0:2::3"],
    ['cidrhost("64:ff9b::192.0.2.0/120", 1)', "64:ff9b::c000:201"],
    ['cidrnetmask("10.0.0.0/0")', "0.0.0.0"],
    ['cidrnetmask("10.0.0.0/32")', "255.255.255.255"],
    ['cidrnetmask("fd00::/48")', "ffff:ffff:ffff::"],
    ['cidrsubnet("10.0.0.0/8", 8, 255)', "10.255.0.0/16"],
    ['cidrsubnet("10.0.0.0/8", 0, 0)', "10.0.0.0/8"],
    ['cidrsubnet("fd00:1::/32", 16, 162)', "fd00:1:a2::/48"],
    ['cidrsubnets("10.0.0.0/8", 1, 2)', ["10.0.0.0/9", "10.128.0.0/10"]],
    ['cidrsubnets("10.0.0.0/16", 8, 4)', ["10.0.0.0/24", "10.0.16.0/20"]],
    ['cidrsubnets("10.0.0.0/16")', []],
  ];
  for (const [text, value] of cases) expect(valueOf(text), text).toEqual(value);
});

test.each([
  ['cidrhost("10.0.0.0/33", 1)', "1,11"],
  ['cidrhost("10.0.0/24", 1)', "1,11"],
  ['cidrhost("10.0.0.0", 1)', "1,11"],
  ['cidrhost("010.0.0.0/8", 1)', "1,11"],
  ['cidrhost("10.0.0.0/24", 256)', "1,25"],
  ['cidrhost("10.0.0.0/24", -257)', "1,25"],
  ['cidrhost("10.0.0.0/24", 0.5)', "1,25"],
  ['cidrhost("::1::/64", 0)', "1,11"],
  ['cidrhost("1:2:3/64", 0)', "1,11"],
  ['cidrhost("::1.2.3/64", 0)', "1,11"],
  ['cidrsubnet("10.0.0.0/24", 9, 0)', "1,27"],
  ['cidrsubnet("10.0.0.0/24", 1, 2)', "1,30"],
  ['cidrsubnet("10.0.0.0/24", -1, 0)', "1,27"],
  ['cidrsubnets("10.0.0.0/24", 1, 1, 1)', "1,34"],
  ['cidrsubnets("10.0.0.0/24", 0)', "1,28"],
])("%s is refused", (text, place) => {
  expect(faultOf(() => valueOf(text))).toBe(`${place} Invalid function argument`);
});
