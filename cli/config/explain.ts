import { expected, show } from "../../config/errors";
import { entriesOf, schemaAtPath, typeOf } from "./entries";
import type { JsonSchema } from "./schema";

/**
 * Returns the description of a key from the reference.
 * @param key such as `platform:components.gateway.replicas`; the prefix is optional.
 * @throws Error if there is no such key; the message lists the existing ones.
 */
export function explain(stack: JsonSchema, key: string): string {
  const path = key
    .replace(/^platform:/, "")
    .replaceAll(/\[(\d*)\]/g, ".$1")
    .split(".");
  const name = `platform:${path.join(".")}`;
  const found = schemaAtPath(stack, path);
  const [first] = found;
  if (first === undefined) throw new Error(unknown(stack, path, name));
  const facts = [
    ["type", [...new Set(found.map(typeOf))].join(" or ")],
    ["default", first.default === undefined ? undefined : JSON.stringify(first.default)],
    ["pattern", first.pattern],
  ].filter(([, value]) => value !== undefined && value !== "");
  const below = [...new Set(found.flatMap((schema) => entriesOf(schema).map(line)))];
  return [
    name,
    ...(first.description === undefined ? [] : ["", first.description]),
    "",
    ...facts.map(([label, value]) => `${label}: ${value}`),
    ...(below.length === 0 ? [] : ["", "keys:", ...below]),
  ].join("\n");
}

function line({ key, type, required, default: preset, meaning }: ReturnType<typeof entriesOf>[0]) {
  const value = required ? ", required" : preset === undefined ? "" : `, default ${preset}`;
  return `  ${key} (${type}${value})\n      ${meaning}`;
}

function unknown(stack: JsonSchema, path: readonly string[], name: string): string {
  const depth = path.findIndex((_, at) => schemaAtPath(stack, path.slice(0, at + 1)).length === 0);
  const parents = schemaAtPath(stack, path.slice(0, depth));
  const known = [
    ...new Set(
      parents.flatMap((parent) => entriesOf(parent).map(({ key }) => key.split(/[.[]/)[0])),
    ),
  ];
  const place = depth === 0 ? "platform" : `platform:${path.slice(0, depth).join(".")}`;
  return `${name}: ${expected(`a key of ${place}: ${known.join(", ") || "it has none"}`, show(path[depth]))}`;
}
