/**
 * A hook at a named place where a crash would hurt: tests kill the process there and check that it heals.
 * In production it does nothing.
 */
export type Failpoint = (name: string) => void;

export const noFailpoint: Failpoint = () => undefined;

/** One step with a point on either side of it. */
export async function around<T>(
  failpoint: Failpoint,
  place: string,
  work: () => Promise<T>,
): Promise<T> {
  failpoint(`${place}:before`);
  const done = await work();
  failpoint(`${place}:after`);
  return done;
}

/** The members of a port whose calls answer as `Answer`. */
export type CallsOf<Port, Answer> = {
  [name in keyof Port]-?: NonNullable<Port[name]> extends (...words: never[]) => infer Given
    ? [Given] extends [Answer]
      ? name
      : never
    : never;
}[keyof Port];

/** The same port, with a point on either side of each of these calls; a member that it lacks stays away. */
export function withPoints<Port extends object>(
  port: Port,
  places: { readonly [name in CallsOf<Port, Promise<unknown>>]: string },
  failpoint: Failpoint,
): Port {
  return wrapped(port, places, (place, call) => () => around(failpoint, place, async () => call()));
}

/** The same for calls that are over when they return. */
export function withPointsNow<Port extends object>(
  port: Port,
  places: { readonly [name in keyof Port]?: string },
  failpoint: Failpoint,
): Port {
  return wrapped(port, places, (place, call) => () => {
    failpoint(`${place}:before`);
    const done = call();
    failpoint(`${place}:after`);
    return done;
  });
}

function wrapped<Port extends object>(
  port: Port,
  places: { readonly [name: string]: string | undefined },
  wrap: (place: string, call: () => unknown) => () => unknown,
): Port {
  const members = Object.entries(places).flatMap(([name, place]) => {
    const member: unknown = Reflect.get(port, name);
    if (typeof member !== "function" || place === undefined) return [];
    const passing = (...words: unknown[]): unknown =>
      wrap(place, () => Reflect.apply(member, port, words))();
    return [[name, passing] as const];
  });
  return Object.assign({ ...port }, Object.fromEntries(members));
}
