import type { TableName } from "../../store/reader.ts";

/** What a handler wants sent. Only `http/send.ts` knows how it is written. */
export type Answer =
  | JsonAnswer
  | { readonly kind: "empty"; readonly status?: number; readonly index?: number }
  | {
      readonly kind: "text";
      readonly status: number;
      readonly text: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | StreamAnswer
  | JsonBytesAnswer;

/** An object one property of which is JSON already. */
export interface JsonBytesAnswer {
  readonly kind: "json-bytes";
  /** The properties before and after that one; neither may be empty. */
  readonly before: object;
  readonly name: string;
  readonly inner: Uint8Array;
  readonly after: object;
  readonly index: number;
}
export interface JsonAnswer {
  readonly kind: "json";
  readonly value: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** X-Nomad-Index. */
  readonly index?: number;
}
export interface StreamAnswer {
  readonly kind: "stream";
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

/** The answer of a read: its index is known before its body is made, so that waiting costs no encoding. */
export type Read = Found | Missing;
export interface Found {
  readonly index: number;
  readonly watch: readonly Watch[];
  readonly body: () => Body;
}
export interface Missing {
  readonly index: number;
  readonly watch: readonly Watch[];
  /** The text of the 404. */
  readonly missing: string;
}
export interface Body {
  readonly value: unknown;
  readonly nextToken?: string | undefined;
}
/** A change that may alter the answer: of one object, or of anything in a table. */
export interface Watch {
  readonly table: TableName;
  readonly key?: string;
}

export const json = (value: unknown, index?: number): JsonAnswer =>
  index === undefined ? { kind: "json", value } : { kind: "json", value, index };
export const text = (status: number, body: string): Answer => ({
  kind: "text",
  status,
  text: body,
});
export const empty = (index?: number): Answer =>
  index === undefined ? { kind: "empty" } : { kind: "empty", index };
export const found = (index: number, watch: readonly Watch[], value: () => unknown): Found => ({
  index,
  watch,
  body: () => ({ value: value() }),
});
export const missing = (index: number, watch: readonly Watch[], why: string): Missing => ({
  index,
  watch,
  missing: why,
});
