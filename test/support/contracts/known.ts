/**
 * Configuration as code that Jenkins 2.568.2 and its plugins support. An attribute is a parameter of a class's
 * data-bound constructor, or a setter; Jenkins does not start with any other one (BaseConfigurator.handleUnknown,
 * ConfigurationContext.unknown = reject).
 */
export interface Known {
  /** Class, or its configurator, as a path in the source repository. */
  source: string;
  /** Attributes by name; `*` for an element of a list. The value is "plain" for types without attributes. */
  attributes: Record<string, Known | "plain">;
}

/** Returns the paths of unknown attributes. */
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

/** Attributes of types without attributes, by their names. */
export const plain = (names: string): Record<string, "plain"> =>
  Object.fromEntries(names.split(" ").map((name) => [name, "plain" as const]));

/** A list of one class. */
export const list = (of: Known): Known => ({ source: of.source, attributes: { "*": of } });

/** One of several classes, by symbol. */
export const symbols = (attributes: Record<string, Known | "plain">): Known => ({
  source: "@Symbol of each class",
  attributes,
});
