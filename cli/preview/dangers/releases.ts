import type { Danger } from "./danger";
import { changedLeaves } from "../leaves";
import { words } from "../markdown";
import type { Step } from "../steps";
import type { AppTraffic } from "../traffic";

/** What is dangerous about pods of releases: that they are replaced with no canary, or too few. */
export function releaseDangers(changed: readonly Step[], traffic: readonly AppTraffic[]): Danger[] {
  const planned = new Set(traffic.flatMap(({ inPlace }) => inPlace));
  return [
    ...changed.flatMap((step) => replacedPods(step, planned)),
    ...traffic.flatMap(({ app, podDangers }) =>
      podDangers.map((text): Danger => ({ kind: "capacity", text: words`${app}: ${text}.` })),
    ),
  ];
}

/** A preset, a label or an address that the program renders into pods changes them without a release. */
function replacedPods(step: Step, planned: ReadonlySet<string>): Danger[] {
  const { op, kind, name, parent } = step;
  if (op !== "update" || kind !== "Deployment" || parent !== `Release ${name}`) return [];
  if (planned.has(name)) return [];
  const paths = changedLeaves(step)
    .map(({ path }) => path)
    .filter((path) => path.startsWith("spec.template."));
  if (paths.length === 0) return [];
  const text = words`The pods of the live release ${name} are replaced without a canary: ${[...new Set(paths)].join(", ")}.`;
  return [{ kind: "pods", text }];
}
