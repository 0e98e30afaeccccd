import type { DeclaredApp } from "../app";
import { jobRequests, mostPods, podRequests } from "../app/requests";
import { components } from "../components";
import type { TeamConfig } from "../components/tenancy";
import type { Apps, ParsedSections } from "./sections";
import { quotaOf } from "../teams";
import { expected, keyOf, listed, show, taken, type ConfigError } from "../errors";
import { amountOf, showCpu, showMemory } from "../quantities";

const root = "platform:components.tenancy.teams";

/** Parts of the platform that have no namespace named after them. */
const withoutNamespace = ["placement", "tenancy", "charts", "manifests"];

/** Namespaces that a part has in addition to the one named after it. */
const furtherNamespaces: Record<string, string[]> = { ci: ["ci-agents", "ci-images"] };

/** An app of a team: its name, the most pods that it may have, and what one of them requests. */
interface Need {
  app: string;
  pods: number;
  cpu: number;
  memory: number;
  storage: number;
}

/** Checks that the apps of a team fit its quota, namespace and Pod Security level. */
export function tenancyChecks(stack: ParsedSections): ConfigError[] {
  const teams = Object.entries(stack.components?.tenancy?.teams ?? {});
  const apps = byTeam(Object.entries(stack.apps ?? {}));
  return [
    ...duplicateNamespaces(teams, stack),
    ...teams.flatMap(([name, team]) => {
      const own = apps.get(name) ?? [];
      return [...smallQuota(name, team, own, stack), ...logsOutsideOfPods(name, team, own)];
    }),
  ];
}

function byTeam(apps: Apps): Map<string, Apps> {
  const teams = new Map<string, Apps>();
  for (const entry of apps) {
    const [, { team }] = entry;
    const own = teams.get(team);
    if (own === undefined) teams.set(team, [entry]);
    else own.push(entry);
  }
  return teams;
}

/** Returns the namespaces of the platform's parts, with the keys of these parts. */
export function partNamespaces(): Map<string, string> {
  const parts = Object.keys(components.shape).filter((part) => !withoutNamespace.includes(part));
  return new Map(
    parts.flatMap((part) =>
      [part, ...(furtherNamespaces[part] ?? [])].map((namespace): [string, string] => [
        namespace,
        `platform:components.${part}`,
      ]),
    ),
  );
}

/** Returns Kubernetes as the owner of a namespace; undefined if it is not. */
export function ofKubernetes(namespace: string): string | undefined {
  return /^(default$|kube-)/.test(namespace) ? "Kubernetes itself" : undefined;
}

/** Checks that no two teams have the same namespace: they would share a quota and see each other's objects. */
function duplicateNamespaces(
  teams: [string, TeamConfig][],
  { environment }: ParsedSections,
): ConfigError[] {
  if (environment === undefined) return [];
  const owners = partNamespaces();
  return teams.flatMap(([name, { namespace = `${name}-${environment}` }]) => {
    const key = keyOf(root, [name, "namespace"]);
    const owner = ofKubernetes(namespace) ?? owners.get(namespace);
    if (owner === undefined) {
      owners.set(namespace, keyOf(root, [name]));
      return [];
    }
    const message = taken("a namespace", show(namespace), owner);
    return [{ key, message }];
  });
}

/**
 * Checks that a quota allows what the team's apps may request. Otherwise a release or a load peak would fail at
 * the worst moment.
 */
function smallQuota(
  name: string,
  team: TeamConfig,
  apps: [string, DeclaredApp][],
  { releases }: ParsedSections,
): ConfigError[] {
  if (releases === undefined) return [];
  const quota = quotaOf(team);
  const needs = apps.flatMap(([app, config]): Need[] => [
    { app, pods: mostPods(config, releases.retain), ...podRequests(config) },
    ...Object.entries(config.cron).map(([job, work]) => ({
      app: `${app}'s cron ${job}`,
      pods: 1,
      ...jobRequests(config, work),
    })),
    ...(config.migrate === undefined
      ? []
      : [{ app: `${app}'s migration`, pods: 1, ...jobRequests(config, config.migrate) }]),
  ]);
  const given = amountOf(quota);
  const total = (of: (need: Need) => number) => needs.reduce((all, need) => all + of(need), 0);
  const error = (field: keyof typeof quota, least: string, part: (need: Need) => string) => ({
    key: keyOf(root, [name, "quota", field]),
    message: expected(
      `at least ${least}, which the team's apps may request (${listed(needs.map(part))})`,
      show(quota[field]),
    ),
  });
  const [cpu, memory, storage, pods] = [
    total((need) => need.pods * need.cpu),
    total((need) => need.pods * need.memory),
    total((need) => need.pods * need.storage),
    total((need) => need.pods),
  ];
  const each = (amount: (need: Need) => string) => (need: Need) =>
    `${need.app} ${need.pods} pods × ${amount(need)}`;
  return [
    ...(cpu > given.cpu
      ? [
          error(
            "cpu",
            showCpu(cpu),
            each((need) => showCpu(need.cpu)),
          ),
        ]
      : []),
    ...(memory > given.memory
      ? [
          error(
            "memory",
            showMemory(memory),
            each((need) => showMemory(need.memory)),
          ),
        ]
      : []),
    ...(storage > given.storage
      ? [
          error(
            "ephemeral-storage",
            showMemory(storage),
            each((need) => showMemory(need.storage)),
          ),
        ]
      : []),
    ...(pods > quota.pods
      ? [error("pods", String(pods), (need) => `${need.app} ${need.pods} pods`)]
      : []),
  ];
}

/**
 * Checks that apps with log directories have Pod Security `privileged`: other levels do not allow pods to mount
 * directories of the node.
 */
function logsOutsideOfPods(
  name: string,
  { podSecurity }: TeamConfig,
  apps: [string, DeclaredApp][],
): ConfigError[] {
  if (podSecurity?.level === "privileged") return [];
  return apps
    .filter(([, { logDirectories }]) => Object.keys(logDirectories).length > 0)
    .map(([app]) => ({
      key: `platform:apps.${app}.logDirectories`,
      message: expected(
        `no directories of the node, because team ${name} has Pod Security ${podSecurity?.level ?? "restricted"}`,
        "some",
        `remove them, or set level privileged in ${keyOf(root, [name, "podSecurity"])}`,
      ),
    }));
}
