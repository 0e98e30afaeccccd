import type { AppConfig } from "./app";
import { branchSlug } from "./branch";
import type { EgressConfig, TeamConfig } from "./components/tenancy";
import type { PlatformFacts } from "./platform";
import { lookup } from "./lookup";
import { showMemory } from "./quantities";
import type { StackConfig } from "./stack";

/** A team, including values that are derived from its apps. */
export interface Team extends Omit<TeamConfig, "namespace" | "quota"> {
  namespace: string;
  quota: TeamConfig["quota"] & { "ephemeral-storage": string };
  /** Apps that have a fixed node port. */
  nodePortApps: string[];
}

/** Values that determine the names of namespaces. */
export type NamespaceRules = Pick<StackConfig, "components" | "branch"> & {
  environment: string;
  /** Facts about the platform stack, if another stack declares the platform. */
  platform?: PlatformFacts;
};

/**
 * Returns the namespace of a team: the one that the platform stack states, otherwise the configured one, or
 * `<team>-<environment>`. The name of a branch is appended.
 */
export function namespaceOf(
  team: string,
  { environment, components, branch, platform }: NamespaceRules,
): string {
  const declared = platform && lookup(platform.namespaces, team);
  if (declared !== undefined) return declared;
  const namespace =
    lookup(components.tenancy?.teams ?? {}, team)?.namespace ?? `${team}-${environment}`;
  return branch === undefined ? namespace : `${namespace}-${branchSlug(branch)}`;
}

/** The values of an app that its team's network policies follow from. */
export type TeamApp = Pick<AppConfig, "team" | "number" | "externalServices">;

/** Returns the stack's teams by name; none if the stack declares no tenancy. */
export function teamsOf(
  stack: NamespaceRules & { apps: Record<string, TeamApp> },
): Record<string, Team> {
  const teams = Object.entries(stack.components.tenancy?.teams ?? {});
  return Object.fromEntries(
    teams.map(([name, team]) => {
      const apps = Object.entries(stack.apps).filter(([, app]) => app.team === name);
      return [
        name,
        {
          ...team,
          namespace: namespaceOf(name, stack),
          quota: quotaOf(team),
          egress: [...team.egress, ...apps.flatMap(([, app]) => externalAddresses(app))],
          nodePortApps: [
            ...apps.filter(([, { number }]) => number !== undefined).map(([app]) => app),
            ...team.nodePortApps,
          ],
        },
      ];
    }),
  );
}

/** Returns the team of each namespace with apps, also of those that another stack declares. */
export function teamByNamespace(
  stack: NamespaceRules & { apps: Record<string, Pick<AppConfig, "team">> },
): Record<string, string> {
  const teams = new Set([
    ...Object.keys(stack.components.tenancy?.teams ?? {}),
    ...Object.values(stack.apps).map(({ team }) => team),
  ]);
  return Object.fromEntries([...teams].sort().map((team) => [namespaceOf(team, stack), team]));
}

/** Average request of a pod for its node's disk, MiB: its log and some files. */
const storageOfPod = 256;

/** Returns a team's quota, including values that are derived from its number of pods. */
export function quotaOf({ quota }: TeamConfig): Team["quota"] {
  const storage = quota["ephemeral-storage"] ?? showMemory(quota.pods * storageOfPod * 1024);
  return { ...quota, "ephemeral-storage": storage };
}

/**
 * Returns the addresses that an app's config names. The addresses of a service with a host name are not known
 * here.
 */
function externalAddresses({ externalServices }: TeamApp): EgressConfig[] {
  return Object.values(externalServices).flatMap((service) =>
    "host" in service
      ? []
      : service.addresses.map((address) => ({
          cidr: `${address}/32`,
          ports: [service.port],
          protocol: "TCP" as const,
        })),
  );
}
