const byEnding: { readonly [ending: string]: string } = {
  css: "text/css; charset=utf-8",
  gif: "image/gif",
  htm: "text/html; charset=utf-8",
  html: "text/html; charset=utf-8",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webp: "image/webp",
  xml: "text/xml; charset=utf-8",
};

/** The type of a file by its ending, else by its first bytes: text, or anything. */
export function contentTypeOf(name: string, head: Uint8Array): string {
  const ending = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const known = byEnding[ending];
  if (known !== undefined) return known;
  const isBinary = head.some(
    (byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b),
  );
  return isBinary ? "application/octet-stream" : "text/plain; charset=utf-8";
}
