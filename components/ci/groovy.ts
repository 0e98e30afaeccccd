/** What a Groovy literal may hold. */
export type GroovyValue =
  string | boolean | number | GroovyValue[] | { [key: string]: GroovyValue };

/** A value as Groovy source. Texts stand in single quotes, where Groovy replaces nothing. */
export function groovyLiteral(value: GroovyValue): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(groovyLiteral).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, entry]) => `${quoted(key)}: ${groovyLiteral(entry)}`,
  );
  return entries.length === 0 ? "[:]" : `[${entries.join(", ")}]`;
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
  return `'${escaped}'`;
}
