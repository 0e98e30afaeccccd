/** Values that a Groovy literal can represent. */
export type GroovyValue =
  string | boolean | number | GroovyValue[] | { [key: string]: GroovyValue };

/** Returns a value as Groovy source. Strings are in single quotes, in which Groovy interpolates nothing. */
export function groovyLiteral(value: GroovyValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(groovyLiteral).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, entry]) => `${quote(key)}: ${groovyLiteral(entry)}`,
  );
  return entries.length === 0 ? "[:]" : `[${entries.join(", ")}]`;
}

function quote(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `'${escaped}'`;
}
