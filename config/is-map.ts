/** Whether a value is a map with string keys, as JSON and YAML have them. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
