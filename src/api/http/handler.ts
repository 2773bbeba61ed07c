import type { ApiContext } from "../context.ts";
import type { Answer, Read } from "./answer.ts";
import type { ApiRequest, ReadOptions } from "./request.ts";

/** Synchronous and repeatable: a waiting query runs it again after each change that it watches. */
export type ReadHandler = (context: ApiContext, request: ApiRequest, options: ReadOptions) => Read;
export type ActionHandler = (context: ApiContext, request: ApiRequest) => Promise<Answer> | Answer;
