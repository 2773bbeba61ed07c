import type { TextSocket } from "../../lib/system/websocket.ts";
import type { ApiContext } from "../context.ts";
import type { Answer, Read } from "./answer.ts";
import type { ApiRequest, ReadOptions } from "./request.ts";

/** Synchronous and repeatable: a waiting query runs it again after each change that it watches. */
export type ReadHandler = (context: ApiContext, request: ApiRequest, options: ReadOptions) => Read;
export type ActionHandler = (context: ApiContext, request: ApiRequest) => Promise<Answer> | Answer;
/** Checks what was asked before the connection becomes a websocket; refusals are plain answers until then. */
export type SessionHandler = (context: ApiContext, request: ApiRequest) => Conversation;
/** Both sides of a websocket; returns when everything is said. What it throws is the reason of the close. */
export type Conversation = (socket: SessionSocket) => Promise<void>;
export type SessionSocket = Pick<TextSocket, "send" | "messages" | "signal">;
