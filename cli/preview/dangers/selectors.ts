import { changedLeaves, type Leaf } from "../leaves";
import { words } from "../markdown";
import { titleOf, type Step } from "../steps";
import type { AppTraffic } from "../traffic";
import type { Danger } from "./danger";
import { textOf } from "./fields";

/** Returns changed selectors: a wrong one leaves a Service without pods. */
export function selectors(step: Step, traffic: readonly AppTraffic[]): Danger[] {
  if (step.op !== "update") return [];
  return changedLeaves(step)
    .filter(({ path }) => /^spec\.(selector|podSelector)\b/.test(path))
    .filter((leaf) => !isPlanned(step, leaf, traffic))
    .map(({ path, before, after }) => ({
      kind: "selector",
      text: words`${titleOf(step)} selects other pods: ${path} changes from ${textOf(before)} to ${textOf(after)}.`,
    }));
}

/** A promotion changes the selectors of an app's Services. The table of the traffic shows this. */
function isPlanned({ kind, name }: Step, { path, after }: Leaf, traffic: readonly AppTraffic[]) {
  return (
    kind === "Service" &&
    path === 'spec.selector["app.kubernetes.io/instance"]' &&
    traffic.some(({ selected }) => Object.hasOwn(selected, name) && selected[name] === after)
  );
}
