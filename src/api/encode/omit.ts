/** Leaves out every field that holds its type's zero value, as the wire does for a few kinds of object. */
export function omitZero(value: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) if (!isZero(field)) kept[name] = field;
  return kept;
}

function isZero(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === 0 || value === false)
    return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every((field) => field === null);
}
