/** Encoded answers by query, good for one index. Holds so many and so much, and forgets the oldest first. */
export class TextCache {
  readonly #most: number;
  readonly #mostLength: number;
  readonly #kept = new Map<string, Kept>();
  #length = 0;

  constructor(most: number, mostLength: number) {
    this.#most = most;
    this.#mostLength = mostLength;
  }

  get(key: string, index: number): CachedText | undefined {
    const kept = this.#kept.get(key);
    return kept?.index === index ? kept.text : undefined;
  }

  set(key: string, index: number, text: CachedText): void {
    this.#drop(key);
    if (text.body.length > this.#mostLength) return;
    this.#kept.set(key, { index, text });
    this.#length += text.body.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most && this.#length <= this.#mostLength) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#kept.delete(key);
    this.#length -= kept.text.body.length;
  }
}

interface Kept {
  readonly index: number;
  readonly text: CachedText;
}
/** Bytes, because turning a long text into bytes costs more than sending it. */
export interface CachedText {
  readonly body: Buffer;
  readonly nextToken: string | undefined;
}
