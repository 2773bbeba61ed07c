import { afterEach } from "vitest";
import type { TestContext } from "./build.ts";
import { serve } from "./serve.ts";
import type { Served } from "./serve.ts";

let api: Served | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** An API for the rest of one test. */
export const start = async (context: TestContext): Promise<Served> => (api = await serve(context));

export const answerOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  await response.text(),
];
