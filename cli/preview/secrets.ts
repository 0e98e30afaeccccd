import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Placeholder of a secret value. */
export const secretMark = "(secret)";

/** The engine's mark for a secret in a text, which replaces every secret that it knows. */
export const engineMark = "[secret]";

/** The engine's mark for a secret value of a field: a map with this key and value, and `ciphertext`. */
const signature = {
  key: "4dabf18193072939515e22adb298388d",
  value: "1b47061264138c4ac30d75fd1eb44270",
};

/** Shorter values would hide ordinary words such as `true`. */
const shortest = 6;

const secretKinds = /^kubernetes:core\/v1:Secret(Patch)?$/;

/** Whether the resource is a Kubernetes Secret. */
export function isSecret(type: string): boolean {
  return secretKinds.test(type);
}

/** Whether a field of a resource is secret, whether or not the engine marked it. */
export function isSecretField(type: string, field: string | number | undefined): boolean {
  return isSecret(type) && (field === "data" || field === "stringData");
}

/**
 * Returns every readable value of a Secret in the events: in plain text, decoded, and line by line. The engine
 * marks secrets, but a Secret made of plain values would otherwise be shown.
 */
export function secretValues(events: readonly EngineEvent[]): string[] {
  const values = events.flatMap(({ resourcePreEvent, resOutputsEvent, resOpFailedEvent }) =>
    [resourcePreEvent, resOutputsEvent, resOpFailedEvent].flatMap((event) => {
      if (event === undefined || !isSecret(event.metadata.type)) return [];
      const { old, new: next } = event.metadata;
      return [old, next].flatMap((state) => [
        ...readable(state?.inputs),
        ...readable(state?.outputs),
      ]);
    }),
  );
  const texts = values.flatMap((value) => [value, ...value.split("\n").map((it) => it.trim())]);
  return [...new Set(texts)]
    .filter((text) => text.length >= shortest && text !== engineMark)
    .sort((a, b) => b.length - a.length);
}

/** Returns a function that masks the values everywhere in a text. */
export function redactor(values: readonly string[]): (text: string) => string {
  return (text) => values.reduce((rest, value) => rest.replaceAll(value, secretMark), text);
}

/**
 * Digits of the numbers of secrets: private-use characters of one code unit each, so cutting a text never splits one.
 */
const [firstDigit, digits] = [0xe000, 6400];
const number = /(?<=\))[\ue000-\uf8ff]+/g;

/**
 * Returns a function that masks the values like {@link redactor}, but with a number for each value, which shows
 * whether two masked texts were equal before.
 */
export function numberedRedactor(values: readonly string[]): (text: string) => string {
  return (text) =>
    values.reduce(
      (rest, value, index) => rest.replaceAll(value, secretMark + numberOf(index)),
      text,
    );
}

function numberOf(index: number): string {
  const places = [Math.floor(index / digits), index % digits];
  return String.fromCharCode(...places.map((digit) => firstDigit + digit));
}

/** Returns a text of {@link numberedRedactor} without the numbers. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(number, "");
}

/**
 * Returns a copy of plain data with every text rewritten, including keys. Each secret becomes a placeholder.
 */
export function rewritten(value: unknown, rewrite: (text: string) => string): unknown {
  if (typeof value === "string") return rewrite(value);
  if (Array.isArray(value)) return value.map((part) => rewritten(part, rewrite));
  if (typeof value !== "object" || value === null) return value;
  if (isMarked(value)) return engineMark;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [rewrite(key), rewritten(part, rewrite)]),
  );
}

function readable(fields: Record<string, unknown> | undefined): string[] {
  const encoded = texts(fields?.data);
  return [
    ...encoded,
    ...encoded.map((value) => Buffer.from(value, "base64").toString("utf8")),
    ...texts(fields?.stringData),
  ];
}

function texts(map: unknown): string[] {
  if (typeof map !== "object" || map === null || isMarked(map)) return [];
  return Object.values(map).filter((value) => typeof value === "string");
}

function isMarked(map: object): boolean {
  return (map as Record<string, unknown>)[signature.key] === signature.value;
}
