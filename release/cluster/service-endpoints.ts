import * as pulumi from "@pulumi/pulumi";
import type { RoleService } from "../../components/app/services";
import { ClusterReader, type ReaderArgs } from "../../components/cluster/reader";
import { ProgramError } from "../../config";
import { stillMissing } from "./patience";

/** A pod as far as a Service's endpoints go. */
export interface LivePod {
  metadata: { name: string; deletionTimestamp?: string };
  status?: { conditions?: { type: string; status: string }[] };
}

/** What leads from a Service to its pods. */
export interface LiveSlice {
  endpoints?: { targetRef?: { name?: string }; conditions?: { ready?: boolean } }[] | null;
}

/** Seconds that the cluster has to see what a Service now selects; it takes a moment. */
const deadlineSeconds = 60;

/**
 * What is missing until a Service leads to its pods and to no other's; empty when nothing is. Pods
 * that are not ready are nobody's concern here: a Service never leads to them.
 */
export function notLeading(pods: readonly LivePod[], slices: readonly LiveSlice[]): string[] {
  const ready = pods.filter(isReady).map(({ metadata }) => metadata.name);
  if (ready.length === 0) return [];
  const reached = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .flatMap(({ targetRef, conditions }) =>
      conditions?.ready === false ? [] : [targetRef?.name ?? "an address"],
    );
  const own = new Set(pods.map(({ metadata }) => metadata.name));
  const foreign = reached.filter((name) => !own.has(name));
  if (foreign.length > 0) return [`it still leads to ${foreign.join(", ")}`];
  return ready.some((name) => reached.includes(name))
    ? []
    : [`it leads to none of ${ready.join(", ")} yet`];
}

function isReady({ metadata, status }: LivePod): boolean {
  const condition = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata.deletionTimestamp === undefined && condition?.status === "True";
}

/** Waits, in updates only, until Services lead to the releases that they now select. */
export class ServiceEndpoints {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * Passes on a Service's name once it leads to the ready pods of the release that it selects.
   * @throws ProgramError when it does not after 60 s: the update fails.
   */
  of({ service, selector }: RoleService): pulumi.Output<string> {
    const { name } = service.metadata;
    // A preview changes no Service; a run without an engine has no cluster.
    if (pulumi.runtime.isDryRun() || !pulumi.runtime.hasEngine()) return name;
    return pulumi.all([name, service.id]).apply(async ([known, id]) => {
      await this.wait(id, selector);
      return known;
    });
  }

  private async wait(id: string, selector: Record<string, string>): Promise<void> {
    const [namespace = "", name = ""] = id.split("/");
    this.reader ??= new ClusterReader(this.cluster);
    const reader = this.reader;
    const missing = await stillMissing(async () => {
      const pods = `/api/v1/namespaces/${namespace}/pods?${labelled(selector)}`;
      const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?${labelled({ "kubernetes.io/service-name": name })}`;
      return notLeading(
        (await reader.get<{ items: LivePod[] }>(pods))?.items ?? [],
        (await reader.get<{ items: LiveSlice[] }>(slices))?.items ?? [],
      );
    }, deadlineSeconds);
    if (missing.length === 0) return;
    throw new ProgramError(
      `Service ${id} does not lead where it should, ${deadlineSeconds} s after its update: ${missing.join("; ")}. ` +
        `Look at the cluster's controller manager, then run the update again; it changes nothing that is in place already.`,
    );
  }
}

function labelled(labels: Record<string, string>): string {
  const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return new URLSearchParams({ labelSelector: selector.join(",") }).toString();
}
