import { at, mapAt } from "../../../config/fields";
import { podKinds, podTemplateOf } from "../../../config/pod-template";
import { quantityOf, showMemory } from "../../../config/quantities";
import { words } from "../markdown";
import { titleOf, type ClusterObject } from "../steps";
import type { Danger, Situation } from "./danger";
import { textOf, updates, type Updated } from "./fields";
import { containersOf } from "./pods";

/** Returns quotas and limits below what the stack itself declares there. */
export function quotas(situation: Situation): Danger[] {
  return [
    ...updates(situation, "ResourceQuota").flatMap((update) =>
      below(update, situation.objects.after),
    ),
    ...updates(situation, "LimitRange").flatMap((update) =>
      JSON.stringify(at(update.before, "spec", "limits")) ===
      JSON.stringify(at(update.after, "spec", "limits"))
        ? []
        : [
            danger(
              words`${titleOf(update.step)} changes the default or the maximum requests and limits of containers.`,
            ),
          ],
    ),
    ...updates(situation, ...podKinds).flatMap(limits),
  ];
}

function below({ step, before, after }: Updated, objects: readonly ClusterObject[]): Danger[] {
  const [old, now] = [mapAt(before, "spec", "hard"), mapAt(after, "spec", "hard")];
  const scoped =
    at(after, "spec", "scopeSelector") !== undefined || at(after, "spec", "scopes") !== undefined;
  const uses = usage(objects, step.namespace);
  return Object.entries(now).flatMap(([what, hard]): Danger[] => {
    const [limit, former] = [quantityOf(hard), quantityOf(old[what])];
    if (limit === undefined || (former !== undefined && limit >= former)) return [];
    const used = uses.get(what);
    if (!scoped && used !== undefined && used <= limit) return [];
    const need =
      used === undefined || scoped
        ? ""
        : words`, and what is declared there may need ${amountText(what, used)}`;
    return [
      danger(
        words`${titleOf(step)} allows less: ${what} falls from ${textOf(old[what])} to ${textOf(hard)}` +
          `${need}; pods beyond it are not started again.`,
      ),
    ];
  });
}

/** Returns what all pods of a namespace request at their maximum scale, by the quota's names. */
function usage(
  objects: readonly ClusterObject[],
  namespace: string | undefined,
): Map<string, number> {
  const sums = new Map<string, number>([["pods", 0]]);
  const add = (name: string, amount: number) => sums.set(name, (sums.get(name) ?? 0) + amount);
  for (const object of objects) {
    const template = podTemplateOf(object);
    if (template === undefined || object.metadata?.namespace !== namespace) continue;
    const pods = maxPodsOf(object, objects);
    add("pods", pods);
    for (const [, container] of containersOf(template)) {
      for (const part of ["requests", "limits"]) {
        for (const [name, amount] of Object.entries(mapAt(container, "resources", part))) {
          add(`${part}.${name}`, pods * (quantityOf(amount) ?? 0));
        }
      }
    }
  }
  for (const name of ["cpu", "memory"]) sums.set(name, sums.get(`requests.${name}`) ?? 0);
  return sums;
}

function maxPodsOf(object: ClusterObject, objects: readonly ClusterObject[]): number {
  const scaler = objects.find(
    ({ kind, metadata, spec }) =>
      (kind === "HorizontalPodAutoscaler" || kind === "ScaledObject") &&
      metadata?.namespace === object.metadata?.namespace &&
      mapAt(spec, "scaleTargetRef").name === object.metadata?.name,
  );
  const most = at(scaler, "spec", "maxReplicas") ?? at(scaler, "spec", "maxReplicaCount");
  if (typeof most === "number") return most;
  const replicas = at(object, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

/** Returns memory limits below the former request: pods that use more are killed. */
function limits({ step, before, after }: Updated): Danger[] {
  const old = containersOf(podTemplateOf(before));
  return [...containersOf(podTemplateOf(after))].flatMap(([name, container]): Danger[] => {
    const limit = mapAt(container, "resources", "limits").memory;
    const reserved = mapAt(old.get(name), "resources", "requests").memory;
    const [now, was] = [quantityOf(limit), quantityOf(reserved)];
    if (now === undefined || was === undefined || now >= was) return [];
    return [
      danger(
        words`${titleOf(step)}, container ${name}: at most ${textOf(limit)} of memory, less than the ${textOf(reserved)} that it had reserved; it may be killed.`,
      ),
    ];
  });
}

function amountText(what: string, amount: number): string {
  if (/(memory|storage)$/.test(what)) return showMemory(Math.ceil(amount / 1024));
  return String(Math.ceil(amount * 100) / 100);
}

function danger(text: string): Danger {
  return { kind: "quota", text };
}
