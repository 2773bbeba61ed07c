/** Hands items from many producers to one reader; a producer waits until its item was taken. */
export interface Channel<T> {
  /** Resolves once the item was taken, or the channel was closed. */
  put(item: T): Promise<void>;
  /** Nothing more comes; what waits to be taken is lost. */
  close(): void;
  readonly items: AsyncIterable<T>;
}

export function createChannel<T>(): Channel<T> {
  const waiting: { readonly item: T; readonly taken: () => void }[] = [];
  let isClosed = false;
  let wake: () => void = () => undefined;
  const close = (): void => {
    isClosed = true;
    for (const { taken } of waiting.splice(0)) taken();
    wake();
  };
  async function* read(): AsyncGenerator<T> {
    try {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) {
          // Also when the reader leaves with it.
          try {
            yield next.item;
          } finally {
            next.taken();
          }
        } else if (isClosed) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      close();
    }
  }
  return {
    put: (item) =>
      new Promise((taken) => {
        if (isClosed) {
          taken();
          return;
        }
        waiting.push({ item, taken });
        wake();
      }),
    close,
    items: { [Symbol.asyncIterator]: read },
  };
}
