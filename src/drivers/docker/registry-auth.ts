import { readFile } from "node:fs/promises";
import { AppError } from "../../lib/errors.ts";
import type { JsonObject } from "../../lib/json.ts";
import { optionBlocks, optionFlag, optionText } from "../core/option-table.ts";
import type { DockerPlugin } from "./options.ts";

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

const officialRegistry = "https://index.docker.io/v1/";

/** The task's own login first, then the one that the plugin's file has for the registry. */
export async function credentialsFor(
  image: string,
  values: JsonObject,
  plugin: DockerPlugin,
): Promise<RegistryLogin | undefined> {
  const [auth] = optionBlocks(values, "auth");
  if (auth !== undefined)
    return {
      username: optionText(auth, "username"),
      password: optionText(auth, "password"),
      serveraddress: optionText(auth, "server_address") || registryOf(image),
    };
  if (plugin.authConfig === "") return undefined;
  try {
    return await loginFromFile(plugin.authConfig, registryOf(image));
  } catch (thrown) {
    if (optionFlag(values, "auth_soft_fail")) return undefined;
    throw new AppError("image", `cannot read the registry logins of ${plugin.authConfig}`, {
      cause: thrown,
      fields: { recoverable: true },
    });
  }
}

/** The first part of a name is a registry when it looks like a host. */
export function registryOf(image: string): string {
  const [first = "", ...more] = image.split("/");
  const isHost = more.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost ? first : officialRegistry;
}

async function loginFromFile(path: string, registry: string): Promise<RegistryLogin | undefined> {
  const file: unknown = JSON.parse(await readFile(path, "utf8"));
  const auths = field(file, "auths");
  const entry =
    field(auths, registry) ??
    field(auths, `https://${registry}`) ??
    field(auths, `http://${registry}`);
  const encoded = field(entry, "auth");
  if (typeof encoded !== "string") return undefined;
  const [username = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { username, password: password.join(":"), serveraddress: registry };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
