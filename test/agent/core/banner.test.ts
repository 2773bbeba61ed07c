import { expect, test } from "vitest";
import { type BannerFacts, bannerLines } from "../../../src/agent/core/banner.ts";

const facts: BannerFacts = {
  region: "global",
  datacenter: "dc1",
  logLevel: "DEBUG",
  isServer: true,
  isClient: true,
  nodeId: "f00d",
  version: "2.0.5",
  bind: { http: "127.0.0.1:4646", rpc: "127.0.0.1:4647", serf: "127.0.0.1:4648" },
  advertise: { http: "127.0.0.1:4646", rpc: "127.0.0.1:4647", serf: "127.0.0.1:4648" },
};

test("rows are sorted, right-aligned, and name every address of a server", () => {
  expect(bannerLines(facts).join("\n")).toMatchInlineSnapshot(`
    "       Advertise Addrs: HTTP: 127.0.0.1:4646; RPC: 127.0.0.1:4647; Serf: 127.0.0.1:4648
                Bind Addrs: HTTP: [127.0.0.1:4646]; RPC: 127.0.0.1:4647; Serf: 127.0.0.1:4648
                    Client: true
                 Log Level: DEBUG
                   Node Id: f00d
                    Region: global (DC: dc1)
                    Server: true
                   Version: 2.0.5"
  `);
});

test("a client shows only its HTTP address and no server id", () => {
  const lines = bannerLines({ ...facts, isServer: false });
  expect(lines.join("\n")).not.toContain("RPC");
  expect(lines.some((line) => line.includes("Node Id"))).toBe(false);
});
