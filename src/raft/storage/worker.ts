import { parentPort } from "node:worker_threads";
import { errorText } from "../../lib/errors.ts";
import { StorageServer } from "./storage-server.ts";
import type { StorageAnswer, StorageRequest } from "./storage-server.ts";

/** What crosses the thread border, both ways. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: StorageRequest;
}
export type NumberedAnswer =
  | { readonly id: number; readonly answer: StorageAnswer }
  | { readonly id: number; readonly error: string };

/** Often, so that each checkpoint is short: appends wait behind it. */
const checkpointAfterMs = 100;
const markAfterMs = 500;

/** The storage thread: requests are worked off one after the other, so that a batch is never overtaken. */
if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const server = new StorageServer();
  let queue = Promise.resolve();
  const checkpointSoon = onceAfter(checkpointAfterMs, () => {
    server.checkpointState();
  });
  const markSoon = onceAfter(markAfterMs, () => {
    server.saveMark();
  });
  port.on("message", ({ id, request }: NumberedRequest) => {
    const work = async (): Promise<void> => {
      const answer = await run(server, id, request);
      port.postMessage(answer);
      if (request.kind === "append") {
        checkpointSoon();
        markSoon();
      }
      if (request.kind === "close") port.close();
    };
    // A copy of the state takes long and yields often: appends go on between its steps.
    if (request.kind === "snapshot") void work();
    else queue = queue.then(work);
  });
}

async function run(
  server: StorageServer,
  id: number,
  request: StorageRequest,
): Promise<NumberedAnswer> {
  try {
    return { id, answer: await server.handle(request) };
  } catch (thrown) {
    return { id, error: errorText(thrown) };
  }
}

/** A call that follows within `ms`, however often it is asked for; an idle log wakes nobody. */
function onceAfter(ms: number, call: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      call();
    }, ms);
  };
}
