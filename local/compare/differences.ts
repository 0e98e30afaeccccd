import { isMap } from "../../config/is-map";
import { lookup } from "../../config/lookup";

/** Longest value in a message. */
const longest = 200;

/** Returns the differences of two values, one line per leaf; empty if they are equal. */
export function differences(one: unknown, other: unknown, path = ""): string[] {
  if (isMap(one) && isMap(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap((key) =>
      differences(lookup(one, key), lookup(other, key), `${path}/${key}`),
    );
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.flatMap((item, index) => differences(item, other[index], `${path}/${index}`));
  }
  const [first, second] = [textOf(one), textOf(other)];
  return first === second ? [] : [`${path}: stand-in ${cut(first)}, official ${cut(second)}`];
}

function textOf(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
