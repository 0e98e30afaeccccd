import { namespaceOf, lookup, type NamespaceRules, type StackConfig } from "../config";
import { rolesText } from "../releases";
import type { AppRecord, DesiredApp, RefusedRule } from "../releases";
import type { ComponentOutputs, Records } from "./newest-records";
import { placesIn } from "./places";
import { recordedNamespace } from "./records";

/**
 * Returns the namespaces of moves that no update has completed, by the app's name. Only moves that the config
 * would not complete are returned.
 * @param last the record of the last successful update.
 * @param newest the same, with the records of apps that a failed update had completed.
 * @param resources the resources in the state. Objects that an interrupted update had marked for deletion are
 * not among them.
 */
export function unfinishedMoves(
  stack: Pick<StackConfig, "apps"> & NamespaceRules,
  last: Records,
  newest: Records,
  resources: readonly ComponentOutputs[],
): Record<string, string> {
  const places = placesIn(resources);
  const found = Object.entries(stack.apps).flatMap(([name, { team }]) => {
    const [before, now] = [last, newest].map((records) => recordedNamespace(lookup(records, name)));
    const from = before ?? now;
    if (from === undefined) return [];
    const asked = namespaceOf(team, stack);
    // Objects that a completed part of the move left in the former namespace are not a move.
    const known = asked === from ? [asked] : [from, now, asked];
    const there = places.get(name)?.find((place) => !known.includes(place));
    return there === undefined ? [] : [[name, there] as const];
  });
  return Object.fromEntries(found);
}

/**
 * Refuses to revert a move that was interrupted or failed. The state contains the former objects as replaced,
 * and the next update deletes them at its end. An update that reverts the move would first create them again under the
 * same names, and then delete the objects that serve.
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
      message: `a move of ${name} to namespace ${there} has not ended, and the config names ${namespace}: the objects that serve would be deleted`,
      remedy: `restore the team and the namespace that move it to ${there}, complete that update, and then move it back`,
      asked: roles ?? "nothing",
      live: roles ?? "nothing",
    },
  ];
}
