import type { KubernetesObject } from "../objects";
import { condition, ready, waiting, type Judge } from "./conditions";

/**
 * Parses the annotation `pulumi.com/waitFor`: `condition=Ready`, `condition=Ready=False`,
 * `jsonpath={.status.phase}=Running`, or a JSON list of these.
 * @throws Error for other values.
 */
export function parseWaitFor(text: string): Judge {
  const judges = expressionsOf(text).map(parseExpression);
  return (object) =>
    judges.map((judge) => judge(object)).find(({ state }) => state !== "ready") ?? ready;
}

/** Returns the items of a JSON list, or the text itself if it is not a list. */
function expressionsOf(text: string): string[] {
  if (!text.trimStart().startsWith("[")) return [text];
  try {
    return (JSON.parse(text) as unknown[]).map(String);
  } catch {
    return [text];
  }
}

function parseExpression(text: string): Judge {
  const byCondition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (byCondition !== null) {
    const [, type = "", status = "True"] = byCondition;
    return (object) =>
      condition(object, type)?.status.toLowerCase() === status.toLowerCase()
        ? ready
        : waiting(`condition ${type} is not ${status}`);
  }
  const byPath = /^jsonpath=\{?\.?([^{}=]+)\}?(?:=(.+))?$/.exec(text);
  if (byPath !== null) {
    const [, path = "", wanted] = byPath;
    return (object) => {
      const value = valueAt(object, path);
      const reached = wanted === undefined ? value !== undefined : String(value) === wanted;
      return reached ? ready : waiting(`.${path} is ${String(value)}, not ${wanted ?? "set"}`);
    };
  }
  throw new Error(
    `The annotation pulumi.com/waitFor is "${text}"; expected condition=<type>[=<status>] or jsonpath={.path}[=<value>].`,
  );
}

function valueAt(object: KubernetesObject, path: string): unknown {
  return path
    .replace(/\[(\d+)\]/g, ".$1")
    .split(/(?<!\\)\./)
    .map((key) => key.replaceAll("\\.", "."))
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}
