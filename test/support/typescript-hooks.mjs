import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transformSync } from "rolldown/utils";

/** Strips the types of a `.ts` module; the sources use erasable syntax only, so lines stay where they are. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const source = await readFile(fileURLToPath(url), "utf8");
  const { code, errors } = transformSync(url, source, { lang: "ts" });
  if (errors.length > 0) throw new Error(`${url}: ${errors[0].message}`);
  return { format: "module", source: code, shortCircuit: true };
}
