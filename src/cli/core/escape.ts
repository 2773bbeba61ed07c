/** What typed input means once the escape character is taken out. */
export interface Typed {
  readonly data: Uint8Array;
  /** The escape character and a dot at the start of a line: the person leaves. */
  readonly isLeft: boolean;
}

/** At the start of a line the escape character and a dot leave, and a doubled one is one. "" knows no escape. */
export function escapeReader(character: string): (bytes: Uint8Array) => Typed {
  const escape = character === "" ? undefined : character.charCodeAt(0);
  const [dot, lineFeed, carriageReturn] = [0x2e, 0x0a, 0x0d];
  let isLineStart = true;
  let isEscaped = false;
  return (bytes) => {
    if (escape === undefined) return { data: bytes, isLeft: false };
    const data: number[] = [];
    for (const byte of bytes) {
      if (isEscaped) {
        isEscaped = false;
        if (byte === dot) return { data: Uint8Array.from(data), isLeft: true };
        if (byte !== escape) data.push(escape);
      } else if (isLineStart && byte === escape) {
        isEscaped = true;
        isLineStart = false;
        continue;
      }
      data.push(byte);
      isLineStart = byte === lineFeed || byte === carriageReturn;
    }
    return { data: Uint8Array.from(data), isLeft: false };
  };
}
