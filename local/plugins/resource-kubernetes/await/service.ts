import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../api";
import { isAway } from "../client";
import { title, type KubernetesObject, type ObjectName } from "../objects";
import { NotReady, type Wait } from "./wait";

/** Pause between two checks of a Service, milliseconds. */
const pause = 500;
/** How long the addresses behind a Service must be unchanged, milliseconds, because more may follow. */
const settlingTime = 10_000;

/** The addresses behind a Service, as the API server stores them. */
interface Endpoints extends KubernetesObject {
  subsets?: { addresses?: unknown[]; notReadyAddresses?: unknown[] }[];
}

/** Why a Service is not ready. */
interface Missing {
  message: string;
  /** Whether it is an error at the timeout. */
  grave: boolean;
}

/**
 * Waits until no address behind a Service is unready, and a load balancer has an address. A Service without a selector,
 * headless, or with an external name is ready at once.
 */
export async function serviceReady(
  service: KubernetesObject,
  wait: Wait,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  const isSettled = settling();
  for (;;) {
    const missing = await look(wait, isSettled);
    if (missing === undefined) return;
    if (Date.now() > end) {
      if (!missing.grave) return;
      throw new NotReady(service, [
        `${title(wait.name)} was not ready within ${seconds} s: ${missing.message}`,
      ]);
    }
    wait.progress(missing.message);
    await sleep(pause, undefined, { signal: wait.stopped });
  }
}

/** Returns why a Service is not ready now. */
export async function serviceProblem(
  service: KubernetesObject,
  api: Api,
  name: ObjectName,
): Promise<string | undefined> {
  return missingAddress(service) ?? pendingIn(await endpointsOf(service, api, name));
}

async function look(
  { api, name }: Wait,
  isSettled: (version: string | undefined) => boolean,
): Promise<Missing | undefined> {
  try {
    const service = await api.get(name);
    if (service === undefined) return { message: "it was deleted in the meantime", grave: true };
    const endpoints = await endpointsOf(service, api, name);
    const settled = isSettled(endpoints?.metadata.resourceVersion);
    const message = missingAddress(service) ?? pendingIn(endpoints);
    if (message !== undefined) return { message, grave: true };
    if (settled || !leadsToPods(service)) return undefined;
    return { message: "the addresses behind it may still change", grave: false };
  } catch (error) {
    if (!isAway(error)) throw error;
    return { message: (error as Error).message, grave: true };
  }
}

function missingAddress({ spec, status }: KubernetesObject): string | undefined {
  if (spec?.type !== "LoadBalancer") return undefined;
  const { ingress } = (status?.loadBalancer ?? {}) as { ingress?: unknown[] };
  return ingress === undefined || ingress.length === 0 ? "it has no address yet" : undefined;
}

async function endpointsOf(
  service: KubernetesObject,
  api: Api,
  { namespace, name }: ObjectName,
): Promise<Endpoints | undefined> {
  if (!leadsToPods(service)) return undefined;
  return api.get({ apiVersion: "v1", kind: "Endpoints", namespace, name });
}

function leadsToPods({ spec }: KubernetesObject): boolean {
  const selector = Object.keys((spec?.selector ?? {}) as object);
  return selector.length > 0 && spec?.type !== "ExternalName" && spec?.clusterIP !== "None";
}

function pendingIn(endpoints: Endpoints | undefined): string | undefined {
  const pending = (endpoints?.subsets ?? []).flatMap((it) => it.notReadyAddresses ?? []).length;
  return pending === 0 ? undefined : `${pending} addresses behind it are not ready`;
}

/** Returns a function that says whether a version has been stable for long enough; an undefined version never has. */
function settling(): (version: string | undefined) => boolean {
  let last: string | undefined;
  let since = Date.now();
  return (version) => {
    if (version !== last) since = Date.now();
    last = version;
    return version !== undefined && Date.now() - since >= settlingTime;
  };
}
