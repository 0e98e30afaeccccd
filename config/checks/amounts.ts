import { quantityOf } from "../quantities";
import type { ParsedSections } from "./sections";
import { isMap } from "../is-map";
import { expected, keyOf, show, type ConfigError } from "../errors";

/** Maps that contain an amount of CPU. */
const holders = ["requests", "limits", "quota"];

/** Parts whose values belong to programs of others. */
const foreign = ["charts", "manifests"];

/**
 * Checks that no amount of CPU is 0: the autoscaler cannot compare usage with a request of 0, and a limit of 0 is
 * none. The schema accepts `0.0`, because records of running releases can contain it.
 */
export function amountChecks({ apps = {}, components = {} }: ParsedSections): ConfigError[] {
  const own = Object.entries(components).filter(([part]) => !foreign.includes(part));
  return [
    ...zeroCpu("platform:apps", [], apps),
    ...own.flatMap(([part, config]) => zeroCpu("platform:components", [part], config)),
  ];
}

function zeroCpu(root: string, path: (string | number)[], value: unknown): ConfigError[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => zeroCpu(root, [...path, index], entry));
  }
  if (!isMap(value)) return [];
  const { cpu } = value;
  const isAmount = holders.includes(String(path.at(-1))) && typeof cpu === "string";
  const below = Object.entries(value).flatMap(([name, entry]) =>
    zeroCpu(root, [...path, name], entry),
  );
  if (!isAmount || quantityOf(cpu) !== 0) return below;
  const message = expected("more CPU than 0, for example 50m", show(cpu));
  return [{ key: keyOf(root, [...path, "cpu"]), message }, ...below];
}
