import { amountOf } from "../amounts";
import type { DeclaredApp } from "../app";
import { isWorker } from "../app/kinds";
import { jobRequests, maximumPods, podRequests } from "../app/requests";
import { components } from "../components";
import type { TeamConfig } from "../components/tenancy";
import { showCpu, showMemory } from "../quantities";
import type { Apps, ParsedSections } from "./sections";
import { quotaOf } from "../teams";
import { expected, keyOf, listed, show, taken, type ConfigError } from "../errors";

const root = "platform:components.tenancy.teams";

/** Parts of the platform that have no namespace named after them. */
const withoutNamespace = ["placement", "tenancy", "charts", "manifests"];

/** Namespaces that a part has in addition to the one named after it. */
const additionalNamespaces: Record<string, string[]> = { ci: ["ci-agents", "ci-images"] };

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
      return [...smallQuota(name, team, own, stack), ...logsOnNodes(name, team, own)];
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
      [part, ...(additionalNamespaces[part] ?? [])].map((namespace): [string, string] => [
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
    { app, pods: maximumPods(config, releases.retain), ...podRequests(config) },
    ...Object.entries(config.cron).map(([job, work]) => ({
      app: `${app}'s cron ${job}`,
      pods: 1,
      ...jobRequests(config, work),
    })),
    ...(config.migrate === undefined
      ? []
      : [{ app: `${app}'s migration`, pods: 1, ...jobRequests(config, config.migrate) }]),
  ]);
  const others = apps.flatMap(([app, config]) => otherRelease(app, config));
  const given = amountOf(quota);
  /** Returns an error if the sum of a resource exceeds its quota. */
  const exceeded = (
    field: keyof typeof quota,
    most: number,
    of: (need: Need) => number,
    text: (sum: number) => string,
    part: (need: Need) => string,
  ): ConfigError[] => {
    const other = others.reduce<Need[]>(
      ([largest], each) => [largest === undefined || of(each) > of(largest) ? each : largest],
      [],
    );
    const all = [...needs, ...other];
    const sum = all.reduce((total, need) => total + of(need), 0);
    if (sum <= most) return [];
    const what = `at least ${text(sum)}, which the team's apps may request (${listed(all.map(part))})`;
    const key = keyOf(root, [name, "quota", field]);
    return [{ key, message: expected(what, show(quota[field])) }];
  };
  const each = (amount: (need: Need) => string) => (need: Need) =>
    `${need.app} ${need.pods} pods × ${amount(need)}`;
  return [
    ...exceeded(
      "cpu",
      given.cpu,
      (need) => need.pods * need.cpu,
      showCpu,
      each((need) => showCpu(need.cpu)),
    ),
    ...exceeded(
      "memory",
      given.memory,
      (need) => need.pods * need.memory,
      showMemory,
      each((need) => showMemory(need.memory)),
    ),
    ...exceeded(
      "ephemeral-storage",
      given.storage,
      (need) => need.pods * need.storage,
      showMemory,
      each((need) => showMemory(need.storage)),
    ),
    ...exceeded(
      "pods",
      quota.pods,
      (need) => need.pods,
      String,
      (need) => `${need.app} ${need.pods} pods`,
    ),
  ];
}

/**
 * Returns what an app without a canary needs in addition while its requests move to another release, in a rollback at
 * the busiest hour for example: both have all of their pods. The quota has room for one such app at a time. A worker's
 * pods are counted twice anyway.
 */
function otherRelease(app: string, config: DeclaredApp): Need[] {
  if (config.canary !== undefined || isWorker(config)) return [];
  return [{ app: `${app}'s other release`, pods: config.scaling.max, ...podRequests(config) }];
}

/**
 * Checks that apps with log directories have Pod Security `privileged`: other levels do not allow pods to mount
 * directories of the node.
 */
function logsOnNodes(
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
