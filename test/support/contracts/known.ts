/**
 * What Jenkins 2.568.2 and its plugins know of configuration as code. An attribute is a parameter of
 * a class's data-bound constructor, or a setter of it; Jenkins does not start with any other one
 * (BaseConfigurator.handleUnknown, ConfigurationContext.unknown = reject).
 */
export interface Known {
  /** Class, or the configurator that describes it, as a path in the repository of the source. */
  source: string;
  /** Every attribute; `*` for an element of a list. Its value is a plain one without a class of its own. */
  attributes: Record<string, Known | "plain">;
}

/** Paths of attributes that Jenkins does not know. */
export function unknownAttributes(value: unknown, known: Known | "plain", path = ""): string[] {
  if (known === "plain" || typeof value !== "object" || value === null) return [];
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((entry) => ["*", entry])
    : Object.entries(value);
  return entries.flatMap(([key, entry]) => {
    const of = known.attributes[key];
    const at = path === "" ? key : `${path}.${key}`;
    return of === undefined ? [`${at} (${known.source})`] : unknownAttributes(entry, of, at);
  });
}
