import { connect } from "node:net";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildContext, buildJob } from "../support/build.ts";
import { serve } from "../support/serve.ts";
import type { Served } from "../support/serve.ts";

let api: Served;
beforeEach(async () => {
  api = await serve(buildContext({ jobs: [buildJob("web")] }));
});
afterEach(async () => {
  await api.close();
});

/** Sends bytes as they are, and gives the first line of the answer. */
function raw(text: string): Promise<string> {
  const { port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write(text);
    });
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("close", () => {
      resolve(answer.split("\r\n")[0] ?? "");
    });
    socket.on("error", reject);
  });
}
const get = (target: string): Promise<string> =>
  raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

describe("the request line", () => {
  test.each([
    ["/v1/job/web", "200 OK"],
    ["http://127.0.0.1:4646/v1/job/web", "200 OK"],
    ["http://127.0.0.1:4646", "200 OK"],
    ["/v1/job/w%65b", "200 OK"],
    ["/v1/job/web%2", "400 Bad Request"],
    ["/v1/job/%ff", "400 Bad Request"],
    ["/v1/../v1/job/web", "307 Temporary Redirect"],
    ["/v1/job/web/.", "307 Temporary Redirect"],
    ["*", "404 Not Found"],
    ["/v1/job/__proto__", "404 Not Found"],
    ["/__proto__", "404 Not Found"],
  ])("%s is answered with %s", async (target, status) => {
    expect(await get(target)).toBe(`HTTP/1.1 ${status}`);
  });

  test("whatever it holds, gets an answer that is no crash", async () => {
    const target = fc
      .array(
        fc.constantFrom(
          ..."/.%?&=*:0aZ-_\\<>\"'+~".split(""),
          "/v1/",
          "job/",
          "jobs",
          "%2F",
          "%00",
          "filter=",
          "index=",
          "prefix=",
          "allocations",
        ),
        { maxLength: 20 },
      )
      .map((parts) => `/${parts.join("")}`);
    await fc.assert(
      fc.asyncProperty(target, async (path) => {
        const line = await get(path.replaceAll(" ", ""));
        expect(line).toMatch(/^HTTP\/1\.1 [2345]\d\d /);
      }),
      { numRuns: 200 },
    );
    expect(await get("/v1/job/web")).toBe("HTTP/1.1 200 OK");
  });

  test("with a location in it cannot break out of the redirect's page", async () => {
    const response = await fetch(`${api.url}/v1//jobs?a="><script>`, { redirect: "manual" });
    expect(await response.text()).not.toContain("<script>");
  });
});

test("a body cut off in the middle leaves the server well", async () => {
  const { port } = new URL(api.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => {
      socket.write("PUT /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
      socket.end();
      setImmediate(() => {
        socket.destroy();
        resolve();
      });
    });
  });
  expect(await get("/v1/job/web")).toBe("HTTP/1.1 200 OK");
});

test("a route ignores what the table does not promise of it", async () => {
  const response = await api.get("/v1/namespaces?per_page=1&next_token=zzz&filter=nonsense(");
  expect(await response.json()).toMatchObject([{ Name: "default" }]);
});
