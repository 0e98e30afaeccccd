import type { RuleArgs } from "./args";
import type { Alert } from "./rule";

/** The namespaces of one team, as a label matcher. */
export interface Owner {
  team: string;
  /** For example `namespace=~"commerce-dev"`. */
  namespaces: string;
}

/** Returns every team with its namespaces; the platform team has all others. */
export function owners(args: Required<Pick<RuleArgs, "owners" | "platformTeam">>): Owner[] {
  const namespaces = Object.keys(args.owners).sort();
  const teams = [...new Set(Object.values(args.owners))].sort();
  const owned = teams.map((team) => ({
    team,
    namespaces: matcher(
      "=~",
      namespaces.filter((namespace) => args.owners[namespace] === team),
    ),
  }));
  return [...owned, { team: args.platformTeam, namespaces: matcher("!~", namespaces) }];
}

/** Returns the same alerts for every team, each for its own namespaces. */
export function perOwner(all: Owner[], alerts: (namespaces: string) => Alert[]): Alert[] {
  return all.flatMap(({ team, namespaces }) =>
    alerts(namespaces).map((alert) => ({ ...alert, team })),
  );
}

function matcher(operator: "=~" | "!~", namespaces: string[]): string {
  return `namespace${operator}"${namespaces.join("|")}"`;
}
