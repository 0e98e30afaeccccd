import {
  containsUnknown,
  isMap,
  Secret,
  unwrapSecrets,
  type PropertyMap,
  type PropertyValue,
} from "../shared/values";

/**
 * The inputs of a Secret with all of it in `data`, as the API server stores it: text is encoded, and
 * wins over data of the same key. Inputs that are not known yet stay as they are.
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

/** Base64 as the server writes it, without line breaks; what is none is left for the server to refuse. */
function rewritten(text: string): string {
  const decoded = Buffer.from(text, "base64").toString("base64");
  return text.replaceAll(/\s/g, "") === decoded ? decoded : text;
}
