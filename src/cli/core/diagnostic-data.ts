import type { Diagnostic, Position } from "../../lib/diagnostic.ts";
import { inOrder } from "../../lib/diagnostic-order.ts";
import { createTextPlaces } from "./text-places.ts";

/** A fault as data for editors. Lines and columns count from 1, bytes from 0. */
export interface DiagnosticData {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly file: string;
  /** Both are absent where the fault belongs to the whole file. */
  readonly start?: PlaceData;
  readonly end?: PlaceData;
}
interface PlaceData extends Position {
  /** Absent for a text that was not read here. */
  readonly byte?: number;
}

/** `file` names the job's own file; `texts` holds what was read by the names that the faults are told with. */
export function diagnosticsData(
  diagnostics: readonly Diagnostic[],
  file: string,
  texts: ReadonlyMap<string, string>,
): readonly DiagnosticData[] {
  const places = new Map([...texts].map(([name, text]) => [name, createTextPlaces(text)]));
  return inOrder(diagnostics).map(({ severity, summary, detail, about, ...own }) => {
    const place = own.start === undefined ? about : own;
    const known = places.get(place?.file ?? "");
    const dataOf = (position: Position): PlaceData => ({
      ...position,
      ...(known ? { byte: known.byteAt(position) } : {}),
    });
    return {
      severity,
      summary,
      detail,
      file: place?.file ?? own.file ?? file,
      ...(place?.start ? { start: dataOf(place.start) } : {}),
      ...(place?.end ? { end: dataOf(place.end) } : {}),
    };
  });
}
