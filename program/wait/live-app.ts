import { releaseAnnotation } from "../../components/app/annotations";
import { migrationAnnotations, migrationLabel } from "../../components/app/migration";
import type { ClusterReader } from "../../cluster/reader";
import type { ReleaseKey } from "../../releases";
import type { Split } from "../../releases/shares";
import { addressesIn, canaryWeightOf, nodePortIn } from "./live-route";
import type { Address, AppIngress, AppRoute, AppService } from "./live-route";
import { liveWorker, type LiveWorker } from "./live-worker";
import { stateOf, type JobState, type LiveJob } from "./migration";

/** What the cluster runs of one app, according to its objects. */
export interface LiveApp {
  /** The release that each role's Service selects, by role. A role without a Service is missing. */
  services: Partial<Record<"stable" | "canary", LiveRole>>;
  /** Percentage of the requests that the route sends to the canary's Service; undefined without a route. */
  weight?: number;
  /** What its route and its Ingress serve; undefined if neither names hosts. An Ingress is only read on request. */
  addresses?: Address[];
  /** Its fixed node port; undefined if it has none. */
  nodePort?: number;
  /** Whether it has an Ingress; only read on request. */
  ingress?: true;
  /** All releases that have a Deployment, by the name of their objects. */
  releases: Record<string, LiveReleasePods>;
  /** Migrations by the name of the release's objects, the latest last; undefined if there are none. */
  migrations?: Record<string, LiveMigration[]>;
  /** What the namespace from which it moves runs of it; undefined if it does not move. */
  former?: LiveApp;
}

/** The Job of a migration. */
export interface LiveMigration {
  job: string;
  state: JobState;
  version: string;
  /** When it completed. */
  at?: string;
  /** Oldest version that works afterwards. Default: every version. */
  contract?: string;
}

/** A release behind a Service. */
export interface LiveRole {
  /** Its key, from the Service's annotation. */
  key: ReleaseKey;
  /** Name of its objects, from the Service's selector. */
  name: string;
}

/** The pods of one release. */
export interface LiveReleasePods {
  ready: number;
  /** Minimum of its autoscaler; undefined if it has none. */
  floor?: number;
  /** Number of pods that its Deployment requests; for a web app, what its autoscaler has decided. */
  replicas?: number;
  /** What the last update set for a worker's release; undefined for a web app. */
  worker?: LiveWorker;
}

interface Named {
  metadata: {
    name: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

interface LiveObjects {
  services: (Named & AppService)[];
  routes: (Named & AppRoute)[];
  ingresses?: (Named & AppIngress)[];
  deployments: (Named & {
    spec?: { replicas?: number };
    status?: { readyReplicas?: number; availableReplicas?: number };
  })[];
  autoscalers: (Named & { spec?: { minReplicas?: number } })[];
  scaledObjects: (Named & { spec?: { minReplicaCount?: number } })[];
  jobs: (Named & LiveJob)[];
}

const kinds = {
  services: "/api/v1/namespaces/*/services",
  routes: "/apis/gateway.networking.k8s.io/v1/namespaces/*/httproutes",
  deployments: "/apis/apps/v1/namespaces/*/deployments",
  autoscalers: "/apis/autoscaling/v2/namespaces/*/horizontalpodautoscalers",
  jobs: "/apis/batch/v1/namespaces/*/jobs",
  scaledObjects: "/apis/keda.sh/v1alpha1/namespaces/*/scaledobjects",
} as const;

const entranceKinds = {
  ingresses: "/apis/networking.k8s.io/v1/namespaces/*/ingresses",
} as const;

const ofApps = "labelSelector=app.kubernetes.io%2Fpart-of%3Dapps";

/** Reads the objects of a namespace. A kind that the cluster does not have has no objects. */
async function objectsIn(
  reader: Pick<ClusterReader, "get">,
  namespace: string,
  read: Record<string, string>,
): Promise<LiveObjects> {
  const lists = Object.entries(read).map(async ([kind, path]) => {
    const list = await reader.get<{ items: Named[] }>(`${path.replace("*", namespace)}?${ofApps}`);
    return [kind, list?.items ?? []] as const;
  });
  return Object.fromEntries(await Promise.all(lists)) as unknown as LiveObjects;
}

/**
 * Reads what a cluster runs of apps. An app without any object is missing in the result.
 * @param namespaces the namespace of each app, by the app's name.
 * @param ingresses whether Ingresses are read as well, which decide whether addresses move to another app. Members of a
 * team may not read them. Default: false.
 * @throws ProgramError if the API server refuses or does not answer.
 */
export async function liveApps(
  namespaces: Record<string, string>,
  reader: Pick<ClusterReader, "get">,
  { ingresses = false } = {},
): Promise<Record<string, LiveApp>> {
  const read = ingresses ? { ...kinds, ...entranceKinds } : kinds;
  const asked = new Map<string, Promise<LiveObjects>>();
  const found = Object.entries(namespaces).map(async ([name, namespace]) => {
    const objects = asked.get(namespace) ?? objectsIn(reader, namespace, read);
    asked.set(namespace, objects);
    return [name, liveApp(name, await objects)] as const;
  });
  return Object.fromEntries(
    (await Promise.all(found)).flatMap(([name, live]) =>
      live === undefined ? [] : [[name, live] as const],
    ),
  );
}

function liveApp(app: string, objects: LiveObjects): LiveApp | undefined {
  const floors = new Map<string, number | undefined>([
    ...objects.autoscalers.map(({ metadata, spec }) => [metadata.name, spec?.minReplicas] as const),
    ...objects.scaledObjects.map(
      ({ metadata, spec }) => [metadata.name, spec?.minReplicaCount] as const,
    ),
  ]);
  const scaledObjects = new Map(objects.scaledObjects.map((it) => [it.metadata.name, it]));
  const releases = objects.deployments
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app)
    .sort(byAge)
    .map((deployment) => {
      const { name } = deployment.metadata;
      return [name, podsOf(deployment, floors.get(name), scaledObjects.get(name))] as const;
    });
  const roles = workerRoles(releases);
  const services = roles?.services ?? {
    stable: role(objects, `${app}-stable`),
    canary: role(objects, `${app}-canary`),
  };
  const migrations = migrationsOf(app, objects);
  const route = objects.routes.find(({ metadata }) => metadata.name === app);
  const addresses = addressesIn(app, objects.routes, objects.ingresses);
  const nodePort = nodePortIn(app, objects.services);
  const runs = services.stable ?? services.canary ?? migrations;
  if (runs === undefined && releases.length === 0) return undefined;
  return {
    services,
    weight: roles === undefined ? route && canaryWeightOf(app, route) : roles.weight,
    ...(addresses.length > 0 && { addresses }),
    ...(nodePort !== undefined && { nodePort }),
    ...(objects.ingresses?.some(({ metadata }) => metadata.name === app) && { ingress: true }),
    releases: Object.fromEntries(releases),
    ...(migrations && { migrations }),
  };
}

function podsOf(
  deployment: LiveObjects["deployments"][number],
  floor: number | undefined,
  scaledObject: LiveObjects["scaledObjects"][number] | undefined,
): LiveReleasePods {
  const { spec, status } = deployment;
  const worker = liveWorker(deployment, scaledObject);
  if (worker === undefined) {
    return { ready: status?.readyReplicas ?? 0, floor, replicas: spec?.replicas };
  }
  return { ready: status?.availableReplicas ?? 0, replicas: spec?.replicas, worker };
}

/**
 * Returns the roles of a worker's releases, from their Deployments; undefined for a web app. After an
 * interrupted update, two may have one role: then the older one has it, because both run.
 */
function workerRoles(
  releases: readonly (readonly [name: string, pods: LiveReleasePods])[],
): Pick<LiveApp, "services" | "weight"> | undefined {
  if (!releases.some(([, { worker }]) => worker)) return undefined;
  const has = (as: string) => releases.find(([, { worker }]) => worker?.role === as);
  const named = (found: ReturnType<typeof has>): LiveRole | undefined =>
    found?.[1].worker && { name: found[0], key: found[1].worker.key };
  const [stable, canary] = [has("stable"), has("canary")];
  return {
    services: { stable: named(stable), canary: named(canary ?? stable) },
    weight: canary?.[1].worker?.weight ?? 0,
  };
}

/** Returns the Jobs of an app's migrations, by their releases. */
function migrationsOf(app: string, { jobs }: LiveObjects): LiveApp["migrations"] {
  const found: Record<string, LiveMigration[]> = {};
  const own = jobs.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app);
  for (const job of [...own].sort(byAge)) {
    const { name, labels, annotations } = job.metadata;
    const release = labels?.[migrationLabel];
    const version = annotations?.[migrationAnnotations.version];
    if (release === undefined || version === undefined) continue;
    (found[release] ??= []).push({
      job: name,
      state: stateOf(job),
      version,
      at: job.status?.completionTime,
      contract: annotations?.[migrationAnnotations.contract],
    });
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function byAge(a: Named, b: Named): number {
  return (a.metadata.creationTimestamp ?? "").localeCompare(b.metadata.creationTimestamp ?? "");
}

function role({ services }: LiveObjects, name: string): LiveRole | undefined {
  const service = services.find(({ metadata }) => metadata.name === name);
  const instance = service?.spec?.selector?.["app.kubernetes.io/instance"];
  const key = service?.metadata.annotations?.[releaseAnnotation] ?? instance;
  return key === undefined ? undefined : { key, name: instance ?? key };
}

/** Returns what serves an app's requests: while it moves to another namespace, what the former one runs. */
export function servingApp(live: LiveApp | undefined): LiveApp | undefined {
  return live?.former ?? live;
}

/** Returns the current share of each release; undefined if a Service is missing. */
export function liveSplit({
  services: { stable, canary },
  weight = 0,
}: LiveApp): Split | undefined {
  if (stable === undefined || canary === undefined) return undefined;
  return { stable: stable.name, canary: canary.name, weight };
}
