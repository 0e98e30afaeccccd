/** A path prefix of a host. */
export interface Address {
  host: string;
  path: string;
}

/** The fields of an app's HTTPRoute that say what it serves, and which release gets which share. */
export interface AppRoute {
  spec?: {
    hostnames?: string[];
    rules?: {
      matches?: { path?: { value?: string } }[];
      backendRefs?: { name: string; weight?: number }[];
    }[];
  };
}

/** Returns the rule for all requests, the last one; the rules before it are for requests that select the canary. */
function lastRule({ spec }: AppRoute) {
  return spec?.rules?.at(-1);
}

/** Returns every path of every host that an app's route serves. */
export function servedBy(route: AppRoute): Address[] {
  const paths = lastRule(route)?.matches?.map(({ path }) => path?.value ?? "/") ?? ["/"];
  return (route.spec?.hostnames ?? []).flatMap((host) => paths.map((path) => ({ host, path })));
}

/**
 * Returns the percentage of an app's requests that go to the Service of its canary. Weights are shares of their sum,
 * and 1 by default.
 */
export function canaryWeightOf(app: string, route: AppRoute): number {
  const backends = lastRule(route)?.backendRefs ?? [];
  const sum = (parts: typeof backends) => parts.reduce((all, { weight = 1 }) => all + weight, 0);
  const canary = sum(backends.filter(({ name }) => name === `${app}-canary`));
  return canary === 0 ? 0 : (100 * canary) / sum(backends);
}

/** The fields of an app's Ingress that say what it serves. */
export interface AppIngress {
  spec?: { rules?: { host?: string; http?: { paths?: { path?: string }[] } }[] };
}

function servedByIngress({ spec }: AppIngress): Address[] {
  return (spec?.rules ?? []).flatMap(({ host, http }) =>
    host === undefined ? [] : (http?.paths ?? []).map(({ path = "/" }) => ({ host, path })),
  );
}

/** The fields of an app's Service that say which pods get its requests, and at which port of each node. */
export interface AppService {
  spec?: { selector?: Record<string, string>; ports?: { nodePort?: number }[] };
}

/** Returns the fixed node port of an app; undefined if it has none. */
export function nodePortIn(
  app: string,
  services: readonly (AppService & Named)[],
): number | undefined {
  const service = services.find(({ metadata }) => metadata.name === `${app}-nodeport`);
  return service?.spec?.ports?.[0]?.nodePort;
}

interface Named {
  metadata: { name: string };
}

/**
 * Returns every path of every host that an app serves. It has a route and an Ingress while an update replaces one with
 * the other.
 */
export function addressesIn(
  app: string,
  routes: readonly (AppRoute & Named)[],
  ingresses: readonly (AppIngress & Named)[] = [],
): Address[] {
  const isOwn = ({ metadata }: Named) => metadata.name === app;
  const all = [
    ...routes.filter(isOwn).flatMap(servedBy),
    ...ingresses.filter(isOwn).flatMap(servedByIngress),
  ];
  return [...new Map(all.map((each) => [`${each.host}${each.path}`, each])).values()];
}
