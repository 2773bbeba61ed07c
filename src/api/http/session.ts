import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { acceptWebSocket } from "../../lib/system/websocket.ts";
import { HttpError, errorAnswer } from "../errors.ts";
import type { Conversation } from "./handler.ts";

interface Opening {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly stopping: AbortSignal;
}

/** A page of another site must not talk to an agent in its reader's name. */
export function checkOrigin({ headers }: IncomingMessage): void {
  if (headers.origin === undefined || headers.origin === "") return;
  const origin = URL.canParse(headers.origin) ? new URL(headers.origin) : undefined;
  if (origin?.host.toLowerCase() !== headers.host?.toLowerCase())
    throw new HttpError(403, "websocket: request origin not allowed by Upgrader.CheckOrigin");
}

/** Makes the connection a websocket and holds the conversation on it; what it throws is the reason of the close. */
export async function openSession(opening: Opening, talk: Conversation): Promise<void> {
  const { message, socket, head, stopping } = opening;
  const websocket = await acceptWebSocket(message, socket, head);
  const stop = (): void => {
    websocket.close(1001, "agent is shutting down");
  };
  stopping.addEventListener("abort", stop, { once: true });
  try {
    await talk(websocket);
    websocket.close(1000);
  } catch (thrown) {
    const { status, text } = errorAnswer(thrown);
    websocket.close(status === 500 ? 1011 : 1008, text);
  } finally {
    stopping.removeEventListener("abort", stop);
  }
}
