import { calleeOf } from "../app/calls";
import type { Apps, ParsedSections } from "./sections";
import { duplicates, expected, keyOf, listed, show, type ConfigError } from "../errors";

/**
 * Checks which apps can be called, as far as one stack knows. For apps of other stacks, this is checked later.
 */
export function callChecks(apps: Apps, { components }: ParsedSections): ConfigError[] {
  const teams = components?.tenancy?.teams;
  return apps.flatMap(([app, { team, calls }]) => {
    const named = calls.map((call, index) => ({
      key: keyOf("platform:apps", [app, "calls", index]),
      call,
      callee: calleeOf(call, team),
    }));
    return [
      ...named
        .filter(({ callee }) => callee.app === app && callee.team === team)
        .map(({ key, call }) => ({ key, message: expected("another app", show(call)) })),
      ...named
        .filter(({ callee }) => teams !== undefined && !Object.hasOwn(teams, callee.team))
        .map(({ key, call }) => ({
          key,
          message: expected(
            `an app of a team in platform:components.tenancy.teams (${listed(Object.keys(teams ?? {}).sort())})`,
            show(call),
          ),
        })),
      ...duplicates(
        named.map(({ key, callee }) => [key, `${callee.team}/${callee.app}`]),
        "an app",
      ),
    ];
  });
}
