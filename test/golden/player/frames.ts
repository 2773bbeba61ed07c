/** What a prometheus answer must hold. */
export interface Family {
  readonly name: string;
  readonly type: string;
}
interface Frame {
  readonly Data?: string;
  readonly [key: string]: unknown;
}

/** The JSON objects of a stream, which follow each other without commas: Data decoded, heartbeats left out. */
export function framesOf(text: string): readonly unknown[] {
  return objectsOf(text)
    .map((piece) => JSON.parse(piece) as Frame)
    .filter((frame) => Object.keys(frame).length > 0)
    .map(({ Data, ...rest }) =>
      Data === undefined || Data === null
        ? rest
        : { ...rest, Data: Buffer.from(Data, "base64").toString("utf8") },
    );
}

function objectsOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{" && depth++ === 0) from = index;
    if (token === "}" && --depth === 0) pieces.push(text.slice(from, index + 1));
  }
  if (depth !== 0) pieces.push(text.slice(from));
  return pieces;
}

export function familyFaults(wanted: readonly Family[], text: string): readonly string[] {
  const given = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
  );
  return wanted
    .filter(({ name, type }) => given.get(name) !== type)
    .map(({ name, type }) => `family ${name}: ${given.get(name) ?? "missing"}, wanted ${type}`);
}
