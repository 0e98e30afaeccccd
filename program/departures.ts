import { namespaceOf, lookup, type NamespaceRules, type StackConfig } from "../config";
import { departureOf, type AppRecord, type DepartureAnswer, type Freeze } from "../releases";
import type { AppStack } from "./app-platform";
import { recordFrom } from "./records";

/** An app that has a record, but no release in the config: all of its objects are deleted. */
export interface DepartingApp extends DepartureAnswer {
  name: string;
}

/** Returns every app that the config no longer has, with the reasons against deleting it. */
export function departures(
  stack: Pick<AppStack, "apps" | "unreleased" | "freeze" | "teamFreezes"> & NamespaceRules,
  records: Record<string, unknown>,
  now: Date,
): DepartingApp[] {
  return Object.entries(records)
    .filter(([name, record]) => record !== undefined && lookup(stack.apps, name) === undefined)
    .map(([name, value]) => {
      const app = lookup(stack.unreleased, name);
      const record = recordFrom(value, name);
      const departure = {
        name,
        record,
        declared: app !== undefined,
        override: app?.override,
        freezes: freezesOf(name, app, stack, record),
      };
      return { name, ...departureOf(departure, now.getTime()) };
    });
}

/**
 * Returns the freezes in the config that apply to an app: its own, those of its team and those of every app.
 * While its objects are in a namespace that is not its team's, or if it no longer has a team, the freezes of
 * the teams of that namespace also apply.
 * @param record the record of the last update.
 */
export function freezesOf(
  name: string,
  app: Pick<StackConfig["unreleased"][string], "team" | "freeze"> | undefined,
  stack: Pick<AppStack, "freeze" | "teamFreezes"> & NamespaceRules,
  record?: Pick<AppRecord, "namespace">,
): Freeze[] {
  const { freeze, teamFreezes } = stack;
  const teams = [...(app ? [app.team] : []), ...formerTeams(app?.team, stack, record?.namespace)];
  const all = [
    ...(app === undefined ? [] : [{ scope: `app ${name}`, freeze: app.freeze }]),
    ...teams.map((team) => ({ scope: `team ${team}`, freeze: lookup(teamFreezes, team) })),
    { scope: "every app", freeze },
  ];
  return all.flatMap((it) => (it.freeze ? [{ scope: it.scope, ...it.freeze }] : []));
}

/** Returns the frozen teams whose namespace contains the objects of an app that moves out of it. */
function formerTeams(
  team: string | undefined,
  stack: Pick<AppStack, "teamFreezes"> & NamespaceRules,
  namespace: string | undefined,
): string[] {
  if (namespace === undefined) return [];
  if (team !== undefined && namespaceOf(team, stack) === namespace) return [];
  return Object.keys(stack.teamFreezes).filter((it) => {
    return it !== team && namespaceOf(it, stack) === namespace;
  });
}
