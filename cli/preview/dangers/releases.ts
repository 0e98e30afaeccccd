import type { Danger } from "./danger";
import { listed } from "../../../config/errors";
import { changedLeaves } from "../leaves";
import { words } from "../markdown";
import type { Step } from "../steps";
import type { AppTraffic } from "../traffic";

/** Returns dangers about the pods of releases: they are replaced without a canary, or are too few. */
export function releaseDangers(changed: readonly Step[], traffic: readonly AppTraffic[]): Danger[] {
  const planned = new Set(traffic.flatMap(({ inPlace }) => inPlace));
  return [
    ...changed.flatMap((step) => replacedPods(step, planned)),
    ...traffic.flatMap(moveDangers),
    ...traffic.flatMap(({ app, podDangers }) =>
      podDangers.map((text): Danger => ({ kind: "capacity", text: words`${app}: ${text}.` })),
    ),
  ];
}

/**
 * Returns the danger of an app that moves to another namespace, where objects that the program does not declare
 * are missing.
 */
function moveDangers({ app, move }: AppTraffic): Danger[] {
  if (move === undefined) return [];
  const { from, to, address, callers = [] } = move;
  // Only a worker has no address.
  const start =
    address === undefined
      ? words`its releases start there with new pods, which work next to the former ones until every object of it in ${from} is deleted`
      : words`its releases start there with new pods, and every object of it in ${from} is deleted once requests go to the new ones`;
  const text =
    words`${app} moves from namespace ${from} to ${to}: ` +
    start +
    words`. Its volumes are empty in ${to}, and the former ones stay in ${from}. Secrets that the program does not declare are missing in ${to}.`;
  if (address === undefined) return [{ kind: "replacement", text }];
  const by = callers.length === 0 ? "" : words`; it is called by ${listed(callers)}`;
  const lost = words`${address}, an address of ${app}, no longer answers after the move`;
  const remedy = "apps that use this address must use the app's domain before the move";
  return [{ kind: "replacement", text: `${text} ${lost}${by}: ${remedy}.` }];
}

/**
 * A change of a preset, a label or an address that the program renders into pods changes them without a
 * release.
 */
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
