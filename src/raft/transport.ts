import type { Message } from "./core/types.ts";

export type { Message } from "./core/types.ts";

/** How servers reach each other. Messages may be lost, doubled and reordered; they are never changed. */
export interface RaftTransport {
  send(messages: readonly Message[]): void;
  /** Returns the function that stops listening. */
  listen(receive: (message: Message) => void): () => void;
}

/** For a server that is its own cluster. */
export const noTransport: RaftTransport = {
  send: (messages) => {
    if (messages.length > 0) throw new Error("a server without peers has nobody to write to");
  },
  listen: () => () => undefined,
};
