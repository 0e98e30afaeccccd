import type { StackConfig } from "./stack";

/**
 * The teams of a stack that have a namespace, each with the domains of its apps.
 * @param namespaceOf namespace of a team.
 */
export function imageTeams<Namespace>(
  { apps, components }: StackConfig,
  namespaceOf: (team: string) => Namespace,
): Record<string, { namespace: Namespace; domains: string[] }> {
  const all = Object.values(apps);
  const names = new Set([
    ...Object.keys(components.tenancy?.teams ?? {}),
    ...all.map(({ team }) => team),
  ]);
  return Object.fromEntries(
    [...names].sort().map((team) => {
      const domains = all.filter((app) => app.team === team).map(({ domain }) => domain);
      return [team, { namespace: namespaceOf(team), domains: domains.sort() }];
    }),
  );
}

/** How clients reach the pages of a stack: encrypted once the gateway has a certificate. */
export function schemeOf({ components }: StackConfig): "http" | "https" {
  return components.gateway?.tlsSecret === undefined ? "http" : "https";
}
