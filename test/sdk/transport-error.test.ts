import { expect, test } from "vitest";
import { transportError } from "../../src/sdk/transport-error.ts";

const text = (error: object): string => transportError("GET", "http://h:1/v1", error).message;

test.each([
  [{ code: "ENOTFOUND", hostname: "h" }, "dial tcp: lookup h: no such host"],
  [{ code: "ECONNRESET", message: "socket hang up" }, "EOF"],
  [{ code: "ECONNRESET", message: "read ECONNRESET" }, "read: connection reset by peer"],
  [
    { code: "ETIMEDOUT", address: "::1", port: 1 },
    "dial tcp [::1]:1: connect: connection timed out",
  ],
  [
    { errors: [{ code: "X" }, { code: "ECONNREFUSED", address: "127.0.0.1", port: 1 }] },
    "dial tcp 127.0.0.1:1: connect: connection refused",
  ],
  [{ code: "CERT_HAS_EXPIRED", message: "certificate has expired" }, "certificate has expired"],
])("%j", (error, reason) => {
  expect(text(error)).toBe(`Get "http://h:1/v1": ${reason}`);
});
