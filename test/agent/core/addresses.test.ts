import { expect, test } from "vitest";
import {
  type AddressSettings,
  type Interface,
  resolveAddresses,
} from "../../../src/agent/core/addresses.ts";

const none = { http: "", rpc: "", serf: "" };
const interfaces: readonly Interface[] = [
  { name: "lo", address: "127.0.0.1", family: "IPv4", isInternal: true },
  { name: "eth0", address: "10.1.2.3", family: "IPv4", isInternal: false },
  { name: "eth1", address: "203.0.113.9", family: "IPv4", isInternal: false },
];
const settings: AddressSettings = {
  bindAddr: "0.0.0.0",
  addresses: none,
  advertise: none,
  ports: { http: 4646, rpc: 4647, serf: 4648 },
};
const resolve = (change: Partial<AddressSettings>) =>
  resolveAddresses({ ...settings, ...change }, interfaces);

test("a wildcard listens everywhere and advertises the private address", () => {
  expect(resolve({})).toEqual({
    ok: true,
    addresses: {
      httpHosts: ["0.0.0.0"],
      bind: { http: "0.0.0.0:4646", rpc: "0.0.0.0:4647", serf: "0.0.0.0:4648" },
      advertise: { http: "10.1.2.3:4646", rpc: "10.1.2.3:4647", serf: "10.1.2.3:4648" },
      advertiseIsLoopback: false,
    },
  });
});

test("a loopback bind that nobody advertised otherwise is told", () => {
  expect(resolve({ bindAddr: "127.0.0.1" })).toMatchObject({
    addresses: { advertiseIsLoopback: true },
  });
  const written = { http: "10.9.9.9", rpc: "10.9.9.9:5000", serf: "10.9.9.9" };
  expect(resolve({ bindAddr: "127.0.0.1", advertise: written })).toMatchObject({
    addresses: {
      advertiseIsLoopback: false,
      advertise: { http: "10.9.9.9:4646", rpc: "10.9.9.9:5000" },
    },
  });
});

test("HTTP may listen on several addresses, IPv6 gets brackets", () => {
  expect(resolve({ addresses: { ...none, http: "127.0.0.1 ::1" } })).toMatchObject({
    addresses: { httpHosts: ["127.0.0.1", "::1"], bind: { http: "127.0.0.1:4646 [::1]:4646" } },
  });
});

test("templates find addresses by kind and by interface", () => {
  expect(resolve({ bindAddr: '{{ GetInterfaceIP "eth1" }}' })).toMatchObject({
    addresses: { httpHosts: ["203.0.113.9"] },
  });
  expect(resolve({ advertise: { ...none, http: "{{ GetPrivateIP }}:80" } })).toMatchObject({
    addresses: { advertise: { http: "10.1.2.3:80" } },
  });
});

test.each([
  [
    '{{ GetInterfaceIP "eth9" }}',
    'invalid http address: the template {{ GetInterfaceIP "eth9" }} finds no address',
  ],
  [
    "{{ GetPrivateIP | limit 1 }}",
    "invalid http address: the template {{ GetPrivateIP | limit 1 }} is not understood",
  ],
])("%s is refused", (bindAddr, error) => {
  expect(resolve({ bindAddr })).toEqual({ ok: false, error });
});
