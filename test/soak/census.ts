/** How many entries the maps and sets hold that were made at each place of the sources. */
export type Census = ReadonlyMap<string, number>;

export interface Counting {
  /** Of everything that is still reachable. */
  take(): Census;
  stop(): void;
}

interface Counted {
  readonly ref: WeakRef<{ readonly size: number }>;
  readonly place: string;
}

/**
 * From now on every Map and Set that the sources make is known by where it was made. A room that forgets to take an
 * entry out shows up by name, without any door in it to count by.
 */
export function countCollections(collectGarbage: () => void): Counting {
  const { Map: PlainMap, Set: PlainSet } = globalThis;
  let known: Counted[] = [];
  let nextTrim = 20_000;
  const note = (made: { readonly size: number }): void => {
    const place = placeOf();
    if (place === undefined) return;
    known.push({ ref: new WeakRef(made), place });
    if (known.length < nextTrim) return;
    known = known.filter(({ ref }) => ref.deref() !== undefined);
    nextTrim = Math.max(20_000, known.length * 2);
  };
  globalThis.Map = class<K, V> extends PlainMap<K, V> {
    constructor(entries?: Iterable<readonly [K, V]> | null) {
      super(entries);
      note(this);
    }
  };
  globalThis.Set = class<T> extends PlainSet<T> {
    constructor(values?: Iterable<T> | null) {
      super(values);
      note(this);
    }
  };
  return {
    take() {
      collectGarbage();
      const sizes = new PlainMap<string, number>();
      for (const { ref, place } of known) {
        const size = ref.deref()?.size ?? 0;
        if (size > 0) sizes.set(place, (sizes.get(place) ?? 0) + size);
      }
      return sizes;
    },
    stop() {
      globalThis.Map = PlainMap;
      globalThis.Set = PlainSet;
    },
  };
}

/** The line of the sources that made it; undefined for everything else in this process. */
function placeOf(): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 4;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = before;
  const line = stack.split("\n").find((one, at) => at > 2 && !one.includes("/census.ts"));
  return /\/(src\/[^:)]+:\d+)/.exec(line ?? "")?.[1];
}

/** What has grown from one census to the next. */
export const growth = (before: Census, after: Census): readonly string[] =>
  [...after]
    .filter(([place, size]) => size > (before.get(place) ?? 0))
    .map(([place, size]) => `${place}: ${before.get(place) ?? 0} -> ${size}`)
    .toSorted();
