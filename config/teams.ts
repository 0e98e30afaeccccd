import type { AppConfig } from "./app";
import { branchSlug } from "./branch";
import type { EgressConfig, TeamConfig } from "./components/tenancy";
import type { PlatformFacts } from "./platform";
import { own } from "./own";
import { showMemory } from "./quantities";
import type { StackConfig } from "./stack";

/** A team with what follows from its apps. */
export interface Team extends Omit<TeamConfig, "namespace" | "quota"> {
  namespace: string;
  quota: TeamConfig["quota"] & { "ephemeral-storage": string };
  /** Apps that are reached on a fixed port of every node. */
  nodePortApps: string[];
}

/** What decides on the names of namespaces. */
export type NamespaceRules = Pick<StackConfig, "environment" | "components" | "branch"> & {
  /** Of the platform stack, where another stack declares the platform. */
  platform?: PlatformFacts;
};

/**
 * Namespace of a team: what the platform stack says, else its own wish, or `<team>-<environment>`;
 * with the branch's name behind it.
 */
export function namespaceOf(
  team: string,
  { environment, components, branch, platform }: NamespaceRules,
): string {
  const declared = platform && own(platform.namespaces, team);
  if (declared !== undefined) return declared;
  const namespace =
    own(components.tenancy?.teams ?? {}, team)?.namespace ?? `${team}-${environment}`;
  return branch === undefined ? namespace : `${namespace}-${branchSlug(branch)}`;
}

/** The stack's teams by name; none where the stack declares no tenancy. */
export function teamsOf(stack: StackConfig): Record<string, Team> {
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

/** What a pod requests of its node's disk on average, MiB: its log and some files. */
const storageOfPod = 256;

/** A team's quota with what follows from its number of pods. */
export function quotaOf({ quota }: TeamConfig): Team["quota"] {
  const storage = quota["ephemeral-storage"] ?? showMemory(quota.pods * storageOfPod * 1024);
  return { ...quota, "ephemeral-storage": storage };
}

/** The addresses that an app's own config names. A service by host name has none that is known here. */
function externalAddresses({ externalServices }: AppConfig): EgressConfig[] {
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
