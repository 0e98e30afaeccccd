import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "../../components/app/release";
import type { Role, Waiting } from "../../components/app/services";
import { ClusterReader, NoAnswer, type ReaderArgs } from "../../cluster/reader";
import type { SelectorLabels } from "../../components/shared/labels";
import { ProgramError } from "../../config";
import { pollUntilPresent, isUpdating } from "./poll";

/** The fields of a pod that matter for a Service's endpoints. */
export interface LivePod {
  metadata: { name: string; deletionTimestamp?: string };
  status?: { conditions?: { type: string; status: string }[] };
}

/** A Service's pods and endpoints. */
export interface LiveSlice {
  endpoints?: { targetRef?: { name?: string }; conditions?: { ready?: boolean } }[] | null;
}

/** The pods and endpoints around a Service. */
interface Surroundings {
  /** Pods that it selects, or will select. */
  pods: LivePod[];
  slices: LiveSlice[];
}

/** Timeout for the cluster to update the endpoints of a changed Service, seconds. */
const deadlineSeconds = 60;

/** Returns what is missing until a release's share may rise; empty if nothing is missing. */
export function podShortage(pods: readonly LivePod[], needed: number): string[] {
  const ready = pods.filter(isReady).length;
  return ready >= needed ? [] : [`${ready} of the ${needed} pods that it needs are ready`];
}

/**
 * Returns what is missing until a Service may select a release's pods; empty if nothing is missing. A Service
 * without endpoints can be switched at once: no request is lost.
 */
export function selectionProblems({ pods, slices }: Surroundings): string[] {
  return pods.some(isReady) || endpointNames(slices).length === 0
    ? []
    : ["none of its pods is ready"];
}

/**
 * Returns what is missing until a Service routes only to its own pods; empty if nothing is missing. Pods that
 * are not ready are ignored, because a Service never routes to them.
 */
export function endpointProblems({ pods, slices }: Surroundings): string[] {
  const ready = pods.filter(isReady).map(({ metadata }) => metadata.name);
  if (ready.length === 0) return [];
  const names = endpointNames(slices);
  const own = new Set(pods.map(({ metadata }) => metadata.name));
  const foreign = names.filter((name) => !own.has(name));
  if (foreign.length > 0) return [`it still routes to ${foreign.join(", ")}`];
  return ready.some((name) => names.includes(name))
    ? []
    : [`it does not route to ${ready.join(", ")} yet`];
}

/**
 * Returns why a Service can never route to a release: its selector was changed by hand, and an update that has
 * nothing to change there does not notice. Undefined if the selector is as declared.
 * @param live the selector in the cluster; undefined if there is no such Service.
 */
export function changedByHand(
  live: Record<string, string> | undefined,
  asked: Record<string, string>,
): string | undefined {
  if (live === undefined) return "it is not in the cluster";
  const keys = [...new Set([...Object.keys(live), ...Object.keys(asked)])].sort();
  const differing = keys.filter((key) => live[key] !== asked[key]);
  if (differing.length === 0) return undefined;
  const text = (value: string | undefined) => value ?? "nothing";
  return differing
    .map((key) => `spec.selector["${key}"] is ${text(live[key])}, expected ${text(asked[key])}`)
    .join("; ");
}

/** Returns the names of the pods that requests are sent to. */
function endpointNames(slices: readonly LiveSlice[]): string[] {
  return slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .flatMap(({ targetRef, conditions }) =>
      conditions?.ready === false ? [] : [targetRef?.name ?? "an address"],
    );
}

function isReady({ metadata, status }: LivePod): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata.deletionTimestamp === undefined && condition?.status === "True";
}

/**
 * Waits, in updates only, before requests go to another release: first until it has a ready pod, then
 * until its Service routes to it. Waiting for its Deployment is not enough: a resumed update does not wait
 * for it again, and pods that were ready may have crashed since.
 */
export class ServiceEndpoints {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * Returns what an app's requests wait for. A timeout fails the update.
   * @param timeoutSeconds time in which a release must have a ready pod.
   */
  waiting(timeoutSeconds: number): Omit<Waiting, "afterRouteServed" | "afterMigration"> {
    return {
      afterPodsReady: (release, namespace) =>
        this.afterPodsReady(release, namespace, timeoutSeconds),
      afterPodReady: (role) => this.afterPodReady(role, timeoutSeconds),
      reachableName: (service, release) => this.afterEndpointsReady(service, release),
    };
  }

  private afterPodsReady(
    { selector, releaseName, needed, autoscaler, deployment }: Release,
    namespace: pulumi.Input<string>,
    timeoutSeconds: number,
  ): pulumi.Output<unknown> {
    if (!isUpdating()) return pulumi.output(undefined);
    return pulumi.all([namespace, deployment.id, autoscaler?.id]).apply(async ([place]) => {
      let reported = -1;
      const look = async () => {
        const pods = await this.list<LivePod>(`/api/v1/namespaces/${place}/pods`, selector);
        const ready = pods.filter(isReady).length;
        if (ready < needed && ready !== reported) {
          reported = ready;
          await pulumi.log.info(`${releaseName}: ${ready} of ${needed} pods are ready`, deployment);
        }
        return podShortage(pods, needed);
      };
      const missing = await pollUntilPresent(look, timeoutSeconds);
      if (missing.length === 0) return;
      throw new ProgramError(
        `The share of ${releaseName} was not raised, after ${timeoutSeconds} s: ${missing.join("; ")}. ` +
          `Look at "kubectl get pods --namespace ${place} --selector app.kubernetes.io/instance=${releaseName}" and at the team's quota. ` +
          "Then run the update again, or revert the change; stable.now: true moves the requests without waiting.",
      );
    });
  }

  private afterPodReady(
    { service, namespace, release: { selector, releaseName, deployment } }: Role,
    timeoutSeconds: number,
  ): pulumi.Output<SelectorLabels> {
    if (!isUpdating()) return pulumi.output(selector);
    return pulumi.all([namespace, deployment.id]).apply(async ([place]) => {
      const look = async () => selectionProblems(await this.around(place, service, selector));
      const missing = await pollUntilPresent(look, timeoutSeconds);
      if (missing.length === 0) return selector;
      throw new ProgramError(
        `Service ${place}/${service} stays as it is: ${releaseName} cannot take its requests, after ${timeoutSeconds} s: ${missing.join("; ")}. ` +
          `Look at "kubectl get pods --namespace ${place} --selector app.kubernetes.io/instance=${releaseName}". Then run the update again, or revert the change.`,
      );
    });
  }

  private afterEndpointsReady(
    { metadata, id }: k8s.core.v1.Service,
    { selector }: Release,
  ): pulumi.Output<string> {
    if (!isUpdating()) return metadata.name;
    return pulumi.all([metadata.namespace, metadata.name, id]).apply(async ([place, name]) => {
      await this.assertUnchanged(place, name, selector);
      const look = async () => endpointProblems(await this.around(place, name, selector));
      const missing = await pollUntilPresent(look, deadlineSeconds);
      if (missing.length === 0) return name;
      throw new ProgramError(
        `Service ${place}/${name} does not route to the expected pods, ${deadlineSeconds} s after its update: ${missing.join("; ")}. ` +
          `Look at the cluster's controller manager, then run the update again; it changes nothing that is already in place.`,
      );
    });
  }

  /** @throws ProgramError immediately if a Service selects something other than its update set. */
  private async assertUnchanged(
    namespace: string,
    service: string,
    selector: Record<string, string>,
  ): Promise<void> {
    this.reader ??= new ClusterReader(this.cluster);
    const path = `/api/v1/namespaces/${namespace}/services/${service}`;
    const live = await this.reader
      .get<{ spec: { selector?: Record<string, string> } }>(path)
      .catch((error: unknown) => {
        // The next check waits for an API server that is restarting.
        if (error instanceof NoAnswer) return { spec: { selector } };
        throw error;
      });
    const change = changedByHand(live && (live.spec.selector ?? {}), selector);
    if (change === undefined) return;
    throw new ProgramError(
      `Service ${namespace}/${service} was changed by hand since the last update: ${change}. ` +
        "Run the preview, which reads the cluster, and apply its plan: that sets the Service again.",
    );
  }

  private async around(
    namespace: string,
    service: string,
    selector: Record<string, string>,
  ): Promise<Surroundings> {
    const ofService = { "kubernetes.io/service-name": service };
    return {
      pods: await this.list<LivePod>(`/api/v1/namespaces/${namespace}/pods`, selector),
      slices: await this.list<LiveSlice>(
        `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
        ofService,
      ),
    };
  }

  private async list<Item>(path: string, labels: Record<string, string>): Promise<Item[]> {
    this.reader ??= new ClusterReader(this.cluster);
    const { items } =
      (await this.reader.get<{ items: Item[] }>(`${path}?${selectorQuery(labels)}`)) ?? {};
    return items ?? [];
  }
}

function selectorQuery(labels: Record<string, string>): string {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return new URLSearchParams({ labelSelector: selector.join(",") }).toString();
}
