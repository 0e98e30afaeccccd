import {
  containsUnknown,
  isMap,
  Secret,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";

/**
 * Moves `stringData` of a Secret into `data`, as the API server stores it: it is encoded, and takes precedence over the
 * same key in `data`. Unknown inputs are unchanged.
 */
export function withoutText(inputs: PropertyMap): PropertyMap {
  const { kind, apiVersion, data, stringData } = unwrapSecrets(inputs);
  if (kind !== "Secret" || apiVersion !== "v1" || containsUnknown(inputs)) return inputs;
  const content = { ...map(data, rewritten), ...map(stringData, encoded) };
  const rest = { ...inputs };
  delete rest.stringData;
  if (Object.keys(content).length === 0) return rest;
  return { ...rest, data: new Secret(content) };
}

function map(
  value: PropertyValue | undefined,
  change: (text: string) => string,
): Record<string, PropertyValue> {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      typeof part === "string" ? change(part) : part,
    ]),
  );
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Returns canonical base64 without line breaks; other text is unchanged, for the server to reject. */
function rewritten(text: string): string {
  const decoded = Buffer.from(text, "base64").toString("base64");
  return text.replaceAll(/\s/g, "") === decoded ? decoded : text;
}
