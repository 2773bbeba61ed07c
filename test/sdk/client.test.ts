import { createServer, type Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { NomadClient, ResponseError } from "../../src/sdk/client.ts";

let server: Server | undefined;
const seen: { url: string; method: string; headers: Record<string, unknown>; body: string }[] = [];

async function listen(
  where: { port: number } | { path: string },
  reply: { status?: number; text: string },
) {
  seen.length = 0;
  const made = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      seen.push({
        url: request.url ?? "",
        method: request.method ?? "",
        headers: request.headers,
        body,
      });
      response.writeHead(reply.status ?? 200, { "X-Nomad-Index": "42", "X-Nomad-NextToken": "n" });
      response.end(reply.text);
    });
  });
  server = made;
  await new Promise<void>((resolve) => {
    made.listen({ ...where, host: "127.0.0.1" }, resolve);
  });
  const address = made.address();
  return typeof address === "object" && address ? address.port : 0;
}

afterEach(async () => {
  const made = server;
  server = undefined;
  if (made) await new Promise((resolve) => made.close(resolve));
});

test("sends region, namespace and token with every call and reads the headers", async () => {
  const port = await listen({ port: 0 }, { text: '{"ok":true}' });
  const client = new NomadClient({
    address: `http://127.0.0.1:${port}`,
    region: "mars",
    namespace: "team a",
    token: "secret",
    httpAuth: "u:p",
  });
  const answer = await client.get<{ ok: boolean }>("/v1/jobs", {
    prefix: "x/y",
    address: ["a", "b"],
  });
  expect(answer).toEqual({ value: { ok: true }, index: 42, nextToken: "n" });
  expect(seen[0]?.url).toBe(
    "/v1/jobs?address=a&address=b&namespace=team%20a&prefix=x%2Fy&region=mars",
  );
  expect(seen[0]?.headers).toMatchObject({
    "x-nomad-token": "secret",
    authorization: "Basic dTpw",
  });
});

test("a call's own namespace beats the client's", async () => {
  const port = await listen({ port: 0 }, { text: "[]" });
  const client = new NomadClient({ address: `http://127.0.0.1:${port}`, namespace: "a" });
  await client.get("/v1/jobs", { namespace: "b" });
  await client.with({ namespace: "c" }).put("/v1/jobs", { Job: 1 });
  expect(seen.map((one) => one.url)).toEqual(["/v1/jobs?namespace=b", "/v1/jobs?namespace=c"]);
  expect(seen[1]).toMatchObject({ method: "PUT", body: '{"Job":1}' });
});

test("anything but 200 is an error with code and text", async () => {
  const port = await listen({ port: 0 }, { status: 404, text: "job not found" });
  const client = new NomadClient({ address: `http://127.0.0.1:${port}` });
  const error: unknown = await client.get("/v1/job/x").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ResponseError);
  expect(error).toMatchObject({
    status: 404,
    message: "Unexpected response code: 404 (job not found)",
  });
  expect((await client.raw({ method: "GET", path: "/v1/job/x" })).status).toBe(404);
});

test("an empty answer is undefined, and a stream arrives as it is", async () => {
  const port = await listen({ port: 0 }, { text: "" });
  const client = new NomadClient({ address: `http://127.0.0.1:${port}` });
  expect((await client.put("/v1/system/gc")).value).toBeUndefined();
  const chunks = [];
  for await (const chunk of await client.stream({ method: "GET", path: "/v1/x" }))
    chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("");
});

test("talks over a unix socket", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sdk-"));
  const path = join(folder, "a.sock");
  await listen({ path }, { text: '"leader"' });
  const client = new NomadClient({ address: `unix://${path}` });
  expect((await client.get("/v1/status/leader")).value).toBe("leader");
  await rm(folder, { recursive: true });
});

test("says in Go's words why nobody answered", async () => {
  const refused = new NomadClient({ address: "http://127.0.0.1:9" }).get("/v1/jobs");
  await expect(refused).rejects.toThrow(
    'Get "http://127.0.0.1:9/v1/jobs": dial tcp 127.0.0.1:9: connect: connection refused',
  );
  const missing = new NomadClient({ address: "unix:///no/such.sock" }).put("/v1/jobs");
  await expect(missing).rejects.toThrow(
    'Put "http://127.0.0.1/v1/jobs": dial unix /no/such.sock: connect: no such file or directory',
  );
});

test("refuses an address that no request could use", () => {
  expect(() => new NomadClient({ address: "nowhere" })).toThrow("invalid address");
});
