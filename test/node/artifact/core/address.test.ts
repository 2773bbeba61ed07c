import { expect, test } from "vitest";
import {
  parseAddress,
  parseNetwork,
  refusedRange,
} from "../../../../src/node/artifact/core/address.ts";

test.each([
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["::127.0.0.1", "loopback"],
  ["64:ff9b::7f00:1", "loopback"],
  ["2002:7f00:1::", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["::", "unspecified"],
  ["169.254.1.1", "link-local"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["169.254.169.254", "metadata"],
  ["::ffff:169.254.169.254", "metadata"],
  ["64:ff9b::a9fe:a9fe", "metadata"],
  ["fd00:ec2::254", "metadata"],
  ["100.100.100.200", "metadata"],
  ["168.63.129.16", "metadata"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.250", "multicast"],
  ["ff02::1", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["example.com", "unreadable"],
  ["127.1", "unreadable"],
  ["0177.0.0.1", "unreadable"],
])("%s is refused as %s", (address, range) => {
  expect(refusedRange(address, [])).toBe(range);
});

test.each([
  "10.0.0.1",
  "192.168.1.1",
  "8.8.8.8",
  "100.64.0.1",
  "2001:db8::1",
  "fd00::1",
  "1.2.3.4",
])("%s may be reached", (address) => {
  expect(refusedRange(address, [])).toBeUndefined();
});

test("a network that is allowed opens just itself", () => {
  const allowed = ["127.0.0.0/8", "fe80::/10"].flatMap((text) => parseNetwork(text) ?? []);
  expect(allowed).toHaveLength(2);
  expect(refusedRange("127.0.0.1", allowed)).toBeUndefined();
  expect(refusedRange("::ffff:127.0.0.1", allowed)).toBeUndefined();
  expect(refusedRange("fe80::5", allowed)).toBeUndefined();
  expect(refusedRange("::1", allowed)).toBe("loopback");
  expect(refusedRange("169.254.169.254", allowed)).toBe("metadata");
});

test("networks and addresses that are none are not read", () => {
  for (const text of ["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "x/8", "1.2.3/8"])
    expect(parseNetwork(text), text).toBeUndefined();
  for (const text of ["1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::1.2.3.256"])
    expect(parseAddress(text), text).toBeUndefined();
  expect(parseNetwork("::1")?.bits).toBe(128);
  expect(parseAddress("1:2:3:4:5:6:7:8")).toHaveLength(16);
});
