import { dangerKinds, type Danger } from "./danger";
import { changedLeaves, type Leaf } from "./leaves";
import { code, words } from "./markdown";
import { releaseDangers } from "./release-dangers";
import { byParent, paired, titleOf, titlesOf, type Step } from "./steps";
import type { AppTraffic } from "./traffic";
import type { Violation } from "./events";

/** Replaced objects that are named as the cause of another replacement. */
const mostCauses = 3;

/** Kinds whose end takes other things with it, and what those are. */
const takesAlong: Record<string, string> = {
  Namespace: "everything in it goes with it",
  PersistentVolumeClaim: "its data may go with it",
  PersistentVolume: "its data may go with it",
  StatefulSet: "its pods lose their identity, and by its retention policy their volumes",
  CustomResourceDefinition: "every object of its kind goes with it, in all namespaces",
  Secret: "what it holds is lost",
  RandomPassword: "the password is lost",
};

/**
 * Everything dangerous about a preview.
 * @param violations policies that the planned objects break, whoever found them.
 */
export function dangersOf(
  steps: readonly Step[],
  traffic: readonly AppTraffic[],
  violations: readonly Violation[],
): Danger[] {
  const changed = paired(steps).filter(({ real }) => real);
  const all = [
    ...traffic.flatMap(refused),
    ...changed.flatMap(ended),
    ...changed.flatMap((step) => selectors(step, traffic)),
    ...traffic.flatMap((app) => freezes(app, changed)),
    ...violations.map(broken),
    ...releaseDangers(changed, traffic),
    ...changed.flatMap(shrunk),
    ...deletions(changed),
  ];
  return dangerKinds.flatMap((kind) => all.filter((danger) => danger.kind === kind));
}

function refused({ refusals }: AppTraffic): Danger[] {
  return refusals.map(({ app, rule, message, remedy }) => ({
    kind: "refused",
    text: words`${app} asks for an illegal release (${rule}): ${message}. What to do: ${remedy}.`,
  }));
}

function ended(step: Step): Danger[] {
  const title = titleOf(step);
  const loss = takesAlong[step.kind];
  if (step.op === "replace") {
    const text = words`${title} is deleted and made anew` + `, ${causeOf(step)}`;
    return [{ kind: loss === undefined ? "replacement" : "data", text: sentence(text, loss) }];
  }
  if (step.op !== "delete" || step.keeps || loss === undefined) return [];
  return [{ kind: "data", text: sentence(words`${title} is deleted`, loss) }];
}

/** Other deletions, one sentence for each component. */
function deletions(changed: readonly Step[]): Danger[] {
  const gone = changed.filter(({ op }) => op === "delete");
  const left = gone.filter(({ keeps }) => keeps);
  const groups = byParent(gone.filter(({ keeps, kind }) => !keeps && !(kind in takesAlong)));
  return [
    ...groups.map((objects): Danger => {
      const parent = objects[0]?.parent;
      const of = parent === undefined ? "" : words`of ${parent}, `;
      return { kind: "deletion", text: `Deleted: ${of}${titlesOf(objects)}.` };
    }),
    ...left.map((step): Danger => {
      const text = words`${titleOf(step)} is no longer declared, and stays in the cluster as it is.`;
      return { kind: "deletion", text };
    }),
  ];
}

function sentence(text: string, loss: string | undefined): string {
  return loss === undefined ? `${text}.` : `${text}: ${loss}.`;
}

/** Why an object is replaced, as the rest of a sentence. */
function causeOf({ causes, differing, follows }: Step): string {
  const paths = [...new Set(causes.length > 0 ? causes : differing.map(({ path }) => path))];
  if (paths.length > 0) return words`because of ${paths.join(", ")}`;
  if (follows.length === 0) return "as something that it depends on is replaced";
  const titles = follows.slice(0, mostCauses).map((title) => code(title));
  const more = follows.length - titles.length;
  const all = more > 0 ? `${titles.join(", ")} and ${more} more` : titles.join(", ");
  return `as it depends on ${all}, which ${follows.length === 1 ? "is" : "are"} replaced`;
}

/** Pods that an object speaks of: a wrong selector leaves a Service without any. */
function selectors(step: Step, traffic: readonly AppTraffic[]): Danger[] {
  if (step.op !== "update") return [];
  return changedLeaves(step)
    .filter(({ path }) => /^spec\.(selector|podSelector)\b/.test(path))
    .filter((leaf) => !isPlanned(step, leaf, traffic))
    .map(({ path, before, after }) => ({
      kind: "selector",
      text: words`${titleOf(step)} selects other pods: ${path} changes from ${textOf(before)} to ${textOf(after)}.`,
    }));
}

/** A promotion moves an app's Services to another release; the table of the traffic shows that. */
function isPlanned({ kind, name }: Step, { path, after }: Leaf, traffic: readonly AppTraffic[]) {
  return (
    kind === "Service" &&
    path === 'spec.selector["app.kubernetes.io/instance"]' &&
    traffic.some(({ selected }) => Object.hasOwn(selected, name) && selected[name] === after)
  );
}

function freezes(
  { app, frozen, overrides, releases }: AppTraffic,
  changed: readonly Step[],
): Danger[] {
  const own = [`App ${app}`, ...releases.map((release) => `Release ${release}`)];
  const touched = changed.some(({ parent }) => parent !== undefined && own.includes(parent));
  return [
    ...overrides.map((text): Danger => ({ kind: "override", text: words`${app}: ${text}.` })),
    ...(frozen !== undefined && (touched || overrides.length > 0)
      ? [{ kind: "frozen", text: words`${app} is changed although ${frozen}.` } as const]
      : []),
  ];
}

function broken({ policy, object, message }: Violation): Danger {
  const text =
    object === undefined
      ? words`Policy ${policy} is broken: ${message}`
      : words`Policy ${policy} is broken by ${object}: ${message}`;
  return { kind: "policy", text };
}

/** Fewer pods at the least, in the middle of whatever load there is. */
function shrunk(step: Step): Danger[] {
  if (step.op !== "update") return [];
  return changedLeaves(step)
    .filter(({ path }) => path === "spec.minReplicas" || path === "spec.replicas")
    .filter(({ before, after }) => number(after) < number(before))
    .map(({ path, before, after }) => ({
      kind: "capacity",
      text: words`${titleOf(step)} keeps fewer pods: ${path} falls from ${textOf(before)} to ${textOf(after)}.`,
    }));
}

/** A field that is not given counts as one pod, which is its default. */
function number(value: unknown): number {
  return typeof value === "number" ? value : 1;
}

function textOf(value: unknown): string {
  return value === undefined
    ? "nothing"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}
