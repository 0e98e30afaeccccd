import { engineMark, isSecretField, secretMark, withoutNumbers } from "./secrets";
import { isMap } from "../../config/is-map";

/** Place of a value in a resource, as keys and indexes. */
export type Place = readonly (string | number)[];

/** Placeholder of a value that is known only after the update. */
export const unknownMark = "(known after the update)";

/** The engine's marks for an unknown value, one for each type. */
const unknowns = new RegExp(
  [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // text
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
    "030794c1-ac77-496b-92df-f27374a8bd58", // asset
    "e48ece36-62e2-4504-bad9-02848725956a", // archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // map
  ].join("|"),
  "g",
);

/** Whether a text is known only after the update. */
export function isUnknown(text: string): boolean {
  return text.search(unknowns) >= 0;
}

/** Returns a value that may be shown and hashed: without secrets, and without the engine's own marks. */
export function mask(type: string, place: Place, value: unknown): unknown {
  if (isSecretField(type, place[0])) return secretMark;
  if (type === "pulumi:providers:kubernetes" && isKubeconfig(place, value)) return secretMark;
  if (typeof value === "string") {
    const shown = value.replaceAll(engineMark, secretMark).replaceAll(unknowns, unknownMark);
    return withoutNumbers(shown);
  }
  if (Array.isArray(value)) return value.map((part) => mask(type, place, part));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      withoutNumbers(key),
      mask(type, [...place, key], part),
    ]),
  );
}

/** The content of a kubeconfig, unlike a path to it, contains a user's keys. */
function isKubeconfig([field]: Place, value: unknown): boolean {
  return field === "kubeconfig" && typeof value === "string" && /[\n{]/.test(value);
}
