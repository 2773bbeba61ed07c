import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { elf, tarOf } from "../../src/drivers/docker/pause-image.ts";

/** A registry on loopback that has every tag: each is an image of its own with one program that waits for ever. */
export interface ProgramRegistry {
  readonly host: string;
  /** Registries have bad days: this one answers 500 for everything. */
  isBroken: boolean;
  close(): Promise<void>;
}

const sha = (data: Buffer): string => `sha256:${createHash("sha256").update(data).digest("hex")}`;
const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

interface Image {
  readonly manifest: Buffer;
  readonly blobs: readonly Buffer[];
}

function imageOf(tag: string): Image {
  // What follows the program's code is never read.
  const layer = tarOf("pause", Buffer.concat([elf(process.arch), Buffer.from(tag.repeat(50))]));
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: { Entrypoint: ["/pause"] },
      rootfs: { type: "layers", diff_ids: [sha(layer)] },
    }),
  );
  const part = (mediaType: string, blob: Buffer) => ({
    mediaType,
    size: blob.length,
    digest: sha(blob),
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: part("application/vnd.docker.container.image.v1+json", config),
    layers: [part("application/vnd.docker.image.rootfs.diff.tar", layer)],
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), blobs: [config, layer] };
}

export async function openProgramRegistry(): Promise<ProgramRegistry> {
  const blobs = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const images = new Map<string, Image>();
  const made = (tag: string): Image => {
    const image = images.get(tag) ?? imageOf(tag);
    images.set(tag, image);
    return image;
  };
  const server = createServer((request, answer) => {
    const path = request.url ?? "";
    answer.setHeader("docker-distribution-api-version", "registry/2.0");
    if (registry.isBroken) return answer.writeHead(500).end();
    if (path === "/v2/") return answer.end("{}");
    const [, wanted = ""] = /\/manifests\/(.+)$/.exec(path) ?? [];
    if (wanted !== "") {
      const image = made(tags.get(wanted) ?? wanted);
      for (const blob of image.blobs) blobs.set(sha(blob), blob);
      const digest = sha(image.manifest);
      if (!wanted.startsWith("sha256:")) tags.set(digest, wanted);
      answer.writeHead(200, {
        "content-type": manifestType,
        "content-length": image.manifest.length,
        "docker-content-digest": digest,
      });
      return answer.end(request.method === "HEAD" ? undefined : image.manifest);
    }
    const blob = blobs.get(path.split("/").at(-1) ?? "");
    if (!blob) return answer.writeHead(404).end();
    answer.writeHead(200, { "content-length": blob.length });
    return answer.end(blob);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const registry: ProgramRegistry = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    isBroken: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return registry;
}
