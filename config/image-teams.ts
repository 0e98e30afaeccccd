import type { StackConfig } from "./stack";
import { namespaceOf } from "./teams";

/**
 * The teams of a stack that have a namespace, each with the domains of its apps.
 * @param declared namespaces that the stack declares itself, by team.
 */
export function imageTeams<Namespace>(
  stack: StackConfig,
  declared: Record<string, Namespace> = {},
): Record<string, { namespace: Namespace | string; domains: string[] }> {
  const { apps, unreleased, components } = stack;
  const all = Object.values({ ...apps, ...unreleased });
  const names = new Set([
    ...Object.keys(components.tenancy?.teams ?? {}),
    ...all.map(({ team }) => team),
  ]);
  return Object.fromEntries(
    [...names].sort().map((team) => {
      const domains = all.filter((app) => app.team === team).map(({ domain }) => domain);
      const namespace = declared[team] ?? namespaceOf(team, stack);
      return [team, { namespace, domains: domains.sort() }];
    }),
  );
}

/** How clients reach the pages of a stack: encrypted once the gateway has a certificate. */
export function schemeOf({ components }: StackConfig): "http" | "https" {
  return components.gateway?.tls === undefined ? "http" : "https";
}
