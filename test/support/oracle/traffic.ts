import type { Live, LiveObject } from "./live";
import type { Said, SaidRelease } from "./said";

interface Backend {
  name: string;
  weight?: number;
}

interface Rule {
  matches?: { headers?: unknown[]; queryParams?: unknown[] }[];
  backendRefs?: Backend[];
}

/** Returns how the traffic in a preview differs from Services, routes and Deployments after the update. */
export function trafficDifferences(
  { traffic, replaced }: Said,
  before: Live,
  live: Live,
): string[] {
  return [...traffic].flatMap(([app, releases]) => {
    const stable = releases.find(({ role }) => role === "stable");
    const canary = releases.find(({ role }) => role === "canary");
    const route = find(live, "HTTPRoute", app);
    return [
      ...pods(live, app, releases),
      ...releases.flatMap(({ key }) => replacement(before, live, app, key, replaced)),
      ...selected(live, app, "stable", stable),
      ...selected(live, app, "canary", canary ?? (route && stable)),
      ...(route === undefined ? [] : shares(route, app, stable, canary)),
    ];
  });
}

function find(live: Live, kind: string, name: string): LiveObject | undefined {
  return [...live.values()].find((it) => it.kind === kind && it.metadata.name === name);
}

function nameOf(app: string, key: string): string {
  return `${app}-${key.replaceAll(".", "-")}`;
}

/** Releases that are shown have pods, those that are gone have none, and a worker has as many as its row says. */
function pods(live: Live, app: string, releases: readonly SaidRelease[]): string[] {
  return releases.flatMap(({ key, role, replicas }) => {
    const found = find(live, "Deployment", nameOf(app, key));
    if (role === "gone") return found === undefined ? [] : [`${app} ${key} is said to be gone`];
    if (found === undefined) return [`${app} ${key} is said to be ${role}, and has no Deployment`];
    const number = found.spec?.["replicas"];
    return !/^\d+$/.test(replicas) || Number(replicas) === number
      ? []
      : [`${app} ${key} is said to have ${replicas} pods, got ${String(number)}`];
  });
}

/** Pods of a release are replaced if, and only if, the preview says so. */
function replacement(
  before: Live,
  live: Live,
  app: string,
  key: string,
  replaced: readonly string[],
): string[] {
  const [was, is] = [before, live].map((all) => {
    const template = find(all, "Deployment", nameOf(app, key))?.spec?.["template"];
    return template === undefined ? undefined : JSON.stringify(template);
  });
  if (was === undefined || is === undefined) return [];
  const isSaid = replaced.includes(`${app} ${key}`);
  if (isSaid === (was !== is)) return [];
  return isSaid
    ? [`the pods of ${app} ${key} are said to be replaced, but were not`]
    : [`the pods of ${app} ${key} were replaced, and Traffic does not say so`];
}

function selected(
  live: Live,
  app: string,
  role: string,
  release: SaidRelease | undefined,
): string[] {
  const service = find(live, "Service", `${app}-${role}`);
  const selector = service?.spec?.["selector"] as Record<string, string> | undefined;
  const instance = selector?.["app.kubernetes.io/instance"];
  if (instance === undefined) return [];
  const expected = release && nameOf(app, release.key);
  return instance === expected
    ? []
    : [`Service ${app}-${role} is said to select ${expected}, got ${instance}`];
}

function shares(
  route: LiveObject,
  app: string,
  stable: SaidRelease | undefined,
  canary: SaidRelease | undefined,
): string[] {
  const rules = (route.spec?.["rules"] ?? []) as Rule[];
  const everyone = rules.filter(({ matches = [] }) =>
    matches.every((match) => match.headers === undefined && match.queryParams === undefined),
  );
  const said = { [`${app}-stable`]: stable?.weight ?? 0, [`${app}-canary`]: canary?.weight ?? 0 };
  return everyone.flatMap(({ backendRefs = [] }) => {
    const sum = backendRefs.reduce((all, { weight = 1 }) => all + weight, 0);
    return Object.entries(said).flatMap(([name, weight]) => {
      const own = backendRefs.find((it) => it.name === name);
      const share = own === undefined || sum === 0 ? 0 : (100 * (own.weight ?? 1)) / sum;
      return share === weight ? [] : [`${name} is said to get ${weight}%, got ${share}%`];
    });
  });
}
