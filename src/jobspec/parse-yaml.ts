import type { Json } from "../lib/json.ts";
import { toJson } from "./core/hcl/value.ts";
import type { Value } from "./core/hcl/value-types.ts";
import { decodeYaml } from "./functions/yaml-read.ts";

/**
 * One YAML document as JSON, read as job files read it. What an alias names is one object, however often it is named:
 * a small text makes no large answer until somebody writes it out. Throws on what is not YAML.
 */
export const parseYaml = (text: string): Json => new Sharing().json(decodeYaml(text));

class Sharing {
  readonly #done = new Map<Value, Json>();

  json(value: Value): Json {
    const known = this.#done.get(value);
    if (known !== undefined) return known;
    const made = this.#make(value);
    this.#done.set(value, made);
    return made;
  }

  #make(value: Value): Json {
    if ("items" in value) return value.items.map((item) => this.json(item));
    if ("entries" in value)
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, this.json(item)]));
    return toJson(value);
  }
}
