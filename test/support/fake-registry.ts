import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** A registry on loopback with one image, which serves it, refuses it or stops in the middle of its layer. */
export interface FakeRegistry {
  readonly host: string;
  readonly digest: string;
  mode: "serve" | "missing" | "locked" | "stall";
  /** Paths of manifests that were asked for. */
  readonly pulls: string[];
  close(): Promise<void>;
}

const sha = (data: Buffer): string => `sha256:${createHash("sha256").update(data).digest("hex")}`;

/** A tar archive with one file of this content. */
function tarOf(content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write("file", 0);
  head.write("0000644\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  head.write("00000000000\0", 136);
  head.write("        ", 148);
  head.write("0", 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([head, content, padding, Buffer.alloc(1024)]);
}

export async function openFakeRegistry(unique: string): Promise<FakeRegistry> {
  const layerTar = tarOf(Buffer.from(unique.repeat(2_000)));
  const layer = gzipSync(layerTar, { level: 0 });
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Cmd: ["/file"] },
      rootfs: { type: "layers", diff_ids: [sha(layerTar)] },
    }),
  );
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        size: config.length,
        digest: sha(config),
      },
      layers: [
        {
          mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip",
          size: layer.length,
          digest: sha(layer),
        },
      ],
    }),
  );
  const blobs = new Map([config, layer].map((blob) => [sha(blob), blob]));
  const refuse = (answer: ServerResponse, status: number, code: string): void => {
    answer.writeHead(status, { "content-type": "application/json" });
    answer.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
  };
  const server = createServer((request, answer) => {
    const path = request.url ?? "";
    answer.setHeader("docker-distribution-api-version", "registry/2.0");
    if (path === "/v2/") answer.end("{}");
    else if (registry.mode === "locked") refuse(answer, 401, "UNAUTHORIZED");
    else if (path.includes("/manifests/")) {
      if (request.method === "GET") registry.pulls.push(path);
      if (registry.mode === "missing") return refuse(answer, 404, "MANIFEST_UNKNOWN");
      answer.writeHead(200, {
        "content-type": type,
        "content-length": manifest.length,
        "docker-content-digest": sha(manifest),
      });
      answer.end(request.method === "HEAD" ? undefined : manifest);
    } else {
      const blob = blobs.get(path.split("/").at(-1) ?? "");
      if (!blob) return refuse(answer, 404, "BLOB_UNKNOWN");
      answer.writeHead(200, { "content-length": blob.length });
      if (registry.mode === "stall" && blob === layer) answer.write(blob.subarray(0, 1_000));
      else answer.end(blob);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const registry: FakeRegistry = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest: sha(manifest),
    mode: "serve",
    pulls: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return registry;
}
