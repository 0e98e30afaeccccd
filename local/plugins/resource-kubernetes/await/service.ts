import { setTimeout as sleep } from "node:timers/promises";
import { isAway } from "../client";
import { title, type KubernetesObject } from "../objects";
import { NotReady, type Wait } from "./wait";

/** Pause between two looks at a Service's endpoints, milliseconds. */
const pause = 500;

interface Slices {
  items: { endpoints?: { conditions?: { ready?: boolean } }[] }[];
}

/** Waits until a Service leads somewhere: to a ready pod, if it selects any; to an address, if asked for one. */
export async function serviceReady(
  service: KubernetesObject,
  wait: Wait,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const missing = await missingPart(service, wait);
    if (missing === undefined) return;
    if (Date.now() > end) {
      throw new NotReady(service, [
        `${title(wait.name)} was not ready within ${seconds} s: ${missing}`,
      ]);
    }
    wait.progress(missing);
    await sleep(pause, undefined, { signal: wait.stopped });
  }
}

async function missingPart(service: KubernetesObject, wait: Wait): Promise<string | undefined> {
  try {
    return (await missingAddress(service, wait)) ?? (await missingEndpoint(service, wait));
  } catch (error) {
    if (!isAway(error)) throw error;
    return (error as Error).message;
  }
}

async function missingAddress({ spec }: KubernetesObject, wait: Wait): Promise<string | undefined> {
  if (spec?.type !== "LoadBalancer") return undefined;
  const current = await wait.api.get(wait.name);
  const { ingress } = (current?.status?.loadBalancer ?? {}) as { ingress?: unknown[] };
  return ingress === undefined || ingress.length === 0 ? "it has no address yet" : undefined;
}

async function missingEndpoint(
  { spec, metadata }: KubernetesObject,
  { api, stopped }: Wait,
): Promise<string | undefined> {
  const selector = spec?.selector as Record<string, string> | undefined;
  if (selector === undefined || spec?.type === "ExternalName" || spec?.clusterIP === "None") {
    return undefined;
  }
  const namespace = metadata.namespace ?? "default";
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const list = <T>(path: string, query: Record<string, string>) =>
    api.client.send<T>({ method: "GET", path, query, signal: stopped });
  const pods = await list<{ items: unknown[] }>(`/api/v1/namespaces/${namespace}/pods`, {
    labelSelector,
  });
  // Nothing runs, and nothing is meant to run before something else is in place.
  if (pods.items.length === 0) return undefined;
  const slices = await list<Slices>(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    {
      labelSelector: `kubernetes.io/service-name=${metadata.name}`,
    },
  );
  const isReady = slices.items.some(({ endpoints }) =>
    endpoints?.some(({ conditions }) => conditions?.ready === true),
  );
  return isReady ? undefined : "no pod behind it is ready";
}
