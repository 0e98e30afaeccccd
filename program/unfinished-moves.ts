import { namespaceOf, own, type NamespaceRules, type StackConfig } from "../config";
import { rolesText } from "../releases";
import type { AppRecord, DesiredApp, RefusedRule } from "../releases";
import type { ComponentOutputs, Records } from "./newest-records";
import { recordedNamespace } from "./records";

/** Kinds that stay where they are while an app moves. */
const stays = ["Job"];

interface Metadata {
  name?: string;
  namespace?: string;
  labels?: Record<string, string>;
}

/**
 * Namespaces to which a move has begun that no update completed, by the app's name. Only those are named of which the
 * config asks for something else than their completion.
 * @param last what the last successful update recorded.
 * @param newest the same, with what a failed update recorded of apps that it had completed.
 * @param resources those of the state. Objects that an interrupted update left to be deleted are not among them.
 */
export function unfinishedMoves(
  stack: Pick<StackConfig, "apps"> & NamespaceRules,
  last: Records,
  newest: Records,
  resources: readonly ComponentOutputs[],
): Record<string, string> {
  const places = placesIn(resources);
  const found = Object.entries(stack.apps).flatMap(([name, { team }]) => {
    const [before, now] = [last, newest].map((records) => recordedNamespace(own(records, name)));
    const from = before ?? now;
    if (from === undefined) return [];
    const asked = namespaceOf(team, stack);
    // What a completed part of the move left behind in the former namespace is no move.
    const known = asked === from ? [asked] : [from, now, asked];
    const there = places.get(name)?.find((place) => !known.includes(place));
    return there === undefined ? [] : [[name, there] as const];
  });
  return Object.fromEntries(found);
}

/** Namespaces of the objects that the state has of each app. */
function placesIn(resources: readonly ComponentOutputs[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { type, outputs } of resources) {
    if (!type.startsWith("kubernetes:") || stays.includes(type.split(":").at(-1) ?? "")) continue;
    const { name, namespace, labels = {} } = (outputs?.["metadata"] ?? {}) as Metadata;
    if (labels["app.kubernetes.io/part-of"] !== "apps") continue;
    // The policy that lets an app in belongs to the caller, and is in the namespace of the app that is called.
    if (namespace === undefined || name?.includes(".from.")) continue;
    const app = labels["app.kubernetes.io/name"] ?? "";
    places.set(app, [...(places.get(app) ?? []), namespace]);
  }
  return places;
}

/**
 * Refuses to take back a move that was interrupted or failed. The state has the former objects as replaced ones, which
 * the next update deletes at its end; an update that goes back would create them again under the same names first,
 * and then delete what serves.
 * @param there namespace of the move that {@link unfinishedMoves} found.
 */
export function refuseUnfinished(
  { name, namespace }: Pick<DesiredApp, "name" | "namespace">,
  record: AppRecord | undefined,
  there: string | undefined,
): RefusedRule[] {
  if (there === undefined) return [];
  const roles = record && rolesText(record.stable, record.canary, record.retained);
  return [
    {
      app: name,
      rule: "move-unfinished",
      message: `a move of ${name} to namespace ${there} has not ended, and the config asks for ${namespace}: the objects that serve would be deleted`,
      remedy: `give it the team and the namespace back that put it into ${there}, complete that update, and move it afterwards`,
      asked: roles ?? "nothing",
      live: roles ?? "nothing",
    },
  ];
}
