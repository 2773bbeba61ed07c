import { expect, test } from "vitest";
import { listenFault } from "../../../src/agent/core/listen-fault.ts";

const text = (code: string | undefined) =>
  listenFault({ code, text: "odd", host: "127.0.0.1", port: 80 });

test.each([
  ["EADDRINUSE", /127\.0\.0\.1:80: the port is taken.*ss -ltnp sport = :80.*another port/],
  ["EADDRNOTAVAIL", /does not have that address: see bind_addr/],
  ["EACCES", /only root may use ports below 1024/],
  [undefined, /: odd$/],
])("%s says what, where and what to do", (code, expected) => {
  expect(text(code)).toMatch(expected);
});
