import type { StackConfig } from "./stack";
import { namespaceOf } from "./teams";

/** Returns the teams of a stack that have a namespace, each with the domains of its apps. */
export function imageTeams(
  stack: StackConfig,
): Record<string, { namespace: string; domains: string[] }> {
  const { apps, unreleased, components } = stack;
  const all = Object.values({ ...apps, ...unreleased });
  const names = new Set([
    ...Object.keys(components.tenancy?.teams ?? {}),
    ...all.map(({ team }) => team),
  ]);
  return Object.fromEntries(
    [...names].sort().map((team) => {
      const domains = all.filter((app) => app.team === team).flatMap(({ domain }) => domain ?? []);
      return [team, { namespace: namespaceOf(team, stack), domains: domains.sort() }];
    }),
  );
}

/** Returns how clients reach the web UIs of a stack: with HTTPS if the gateway has a certificate. */
export function schemeOf({ components }: StackConfig): "http" | "https" {
  return components.gateway?.tls === undefined ? "http" : "https";
}
