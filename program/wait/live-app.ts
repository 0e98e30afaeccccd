import { releaseAnnotation } from "../../components/app/services";
import type { ClusterReader } from "../../cluster/reader";
import type { ReleaseKey } from "../../releases";
import type { Split } from "../../releases/shares";

/** What the cluster runs of one app, as its objects say it now. */
export interface LiveApp {
  /** Which release each role's Service selects; a Service that does not exist is left out. */
  services: Partial<Record<"stable" | "canary", LiveRole>>;
  /** Percent that the route gives to the canary's Service; nothing without a route. */
  weight?: number;
  /** Every release that has a Deployment, by the name of its objects. */
  releases: Record<string, LiveReleasePods>;
}

/** A release behind a Service. */
export interface LiveRole {
  /** Its key, as the Service's annotation says it. */
  key: ReleaseKey;
  /** Name of its objects, as the Service selects them. */
  name: string;
}

/** The pods of one release. */
export interface LiveReleasePods {
  ready: number;
  /** The least that its autoscaler keeps; nothing while it has none. */
  floor?: number;
}

interface Named {
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

interface LiveObjects {
  services: (Named & { spec?: { selector?: Record<string, string> } })[];
  routes: (Named & {
    spec?: { rules?: { backendRefs?: { name: string; weight?: number }[] }[] };
  })[];
  deployments: (Named & { status?: { readyReplicas?: number } })[];
  autoscalers: (Named & { spec?: { minReplicas?: number } })[];
  scaledObjects: (Named & { spec?: { minReplicaCount?: number } })[];
}

const kinds = {
  services: "/api/v1/namespaces/*/services",
  routes: "/apis/gateway.networking.k8s.io/v1/namespaces/*/httproutes",
  deployments: "/apis/apps/v1/namespaces/*/deployments",
  autoscalers: "/apis/autoscaling/v2/namespaces/*/horizontalpodautoscalers",
  scaledObjects: "/apis/keda.sh/v1alpha1/namespaces/*/scaledobjects",
} as const;

const ofApps = "labelSelector=app.kubernetes.io%2Fpart-of%3Dapps";

/** What of a namespace is read; a kind that the cluster does not know has no objects. */
async function objectsIn(reader: ClusterReader, namespace: string): Promise<LiveObjects> {
  const lists = Object.entries(kinds).map(async ([kind, path]) => {
    const list = await reader.get<{ items: Named[] }>(`${path.replace("*", namespace)}?${ofApps}`);
    return [kind, list?.items ?? []] as const;
  });
  return Object.fromEntries(await Promise.all(lists)) as unknown as LiveObjects;
}

/**
 * What a cluster runs of apps; an app of which it has no object is left out.
 * @param namespaces each app's namespace, by the app's name.
 * @throws ProgramError when the API server refuses or does not answer.
 */
export async function liveApps(
  namespaces: Record<string, string>,
  reader: ClusterReader,
): Promise<Record<string, LiveApp>> {
  const asked = new Map<string, Promise<LiveObjects>>();
  const found = Object.entries(namespaces).map(async ([name, namespace]) => {
    const objects = asked.get(namespace) ?? objectsIn(reader, namespace);
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
  const services = {
    stable: role(objects, `${app}-stable`),
    canary: role(objects, `${app}-canary`),
  };
  const floors = new Map<string, number | undefined>([
    ...objects.autoscalers.map(({ metadata, spec }) => [metadata.name, spec?.minReplicas] as const),
    ...objects.scaledObjects.map(
      ({ metadata, spec }) => [metadata.name, spec?.minReplicaCount] as const,
    ),
  ]);
  const releases = objects.deployments
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app)
    .map(({ metadata: { name }, status }) => {
      return [name, { ready: status?.readyReplicas ?? 0, floor: floors.get(name) }] as const;
    });
  if (services.stable === undefined && services.canary === undefined && releases.length === 0) {
    return undefined;
  }
  return { services, weight: weightOf(app, objects), releases: Object.fromEntries(releases) };
}

function role({ services }: LiveObjects, name: string): LiveRole | undefined {
  const service = services.find(({ metadata }) => metadata.name === name);
  const instance = service?.spec?.selector?.["app.kubernetes.io/instance"];
  const key = service?.metadata.annotations?.[releaseAnnotation] ?? instance;
  return key === undefined ? undefined : { key, name: instance ?? key };
}

/** The last rule is the one for all requests; those before it are for the canary's header. */
function weightOf(app: string, { routes }: LiveObjects): number | undefined {
  const route = routes.find(({ metadata }) => metadata.name === app);
  const backends = route?.spec?.rules?.at(-1)?.backendRefs;
  return backends?.find(({ name }) => name === `${app}-canary`)?.weight;
}

/** Who gets which share now; nothing where a Service is missing, which leads nobody anywhere. */
export function liveSplit({
  services: { stable, canary },
  weight = 0,
}: LiveApp): Split | undefined {
  if (stable === undefined || canary === undefined) return undefined;
  return { stable: stable.name, canary: canary.name, weight };
}
