import { ProgramError } from "../../config";
import type { ClusterReader, ReaderArgs } from "../../release/cluster/reader";
import type { State, StateResource } from "./state";

/** What became of an object that was being created. */
export type Found = { kind: "made"; id: string } | { kind: "absent" } | { kind: "foreign" };

interface LiveObject {
  metadata: { uid?: string; managedFields?: { manager?: string }[] };
}

interface Kinds {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** How the official plugin and the stand-in for it name themselves to the API server. */
const manager = /^pulumi-kubernetes\b/;

/** How the last update reached its cluster; nothing when it came to no provider. */
export function clusterOf({ deployment }: State): ReaderArgs | undefined {
  const provider = (deployment.resources ?? []).find(
    ({ type }) => type === "pulumi:providers:kubernetes",
  );
  const { kubeconfig, context } = provider?.inputs ?? {};
  return typeof kubeconfig === "string" && typeof context === "string"
    ? { kubeconfig, context }
    : undefined;
}

/**
 * Makes sure that the cluster is the stack's own. In another one nothing of the stack exists, and a
 * refresh would forget it all.
 * @throws ProgramError when it is another one.
 */
export async function assertSameCluster(state: State, reader: ClusterReader): Promise<void> {
  const recorded = (state.deployment.resources ?? []).find(
    ({ type, id }) => type === "kubernetes:core/v1:Namespace" && id === "kube-system",
  );
  const known = (recorded?.outputs?.["metadata"] as { uid?: string } | undefined)?.uid;
  const live = await reader.get<LiveObject>("/api/v1/namespaces/kube-system");
  const uid = live?.metadata.uid;
  if (known === undefined || uid === known) return;
  throw new ProgramError(
    `Wrong cluster: the stack's last update knew a cluster whose kube-system namespace has the UID ${known}, ` +
      `the kubeconfig now leads to one with ${uid ?? "none"}. Nothing was changed. Point it to the stack's own cluster.`,
  );
}

/** Whether the object that a resource declares is there, and was made by Pulumi. */
export async function find(resource: StateResource, reader: ClusterReader): Promise<Found> {
  const { apiVersion, kind, metadata } = (resource.inputs ?? {}) as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown };
  };
  const { name, namespace } = metadata ?? {};
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
    throw new ProgramError(
      `Nothing was changed: the state does not say which object ${resource.urn} is. Look for it in the cluster, ` +
        `and settle it with: pulumi refresh (which asks about it in a terminal).`,
    );
  }
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  // A kind that is not served has no objects either.
  const kinds = (await reader.get<Kinds>(base))?.resources ?? [];
  const served = kinds.find((each) => each.kind === kind && !each.name.includes("/"));
  if (served === undefined) return { kind: "absent" };
  const place = served.namespaced && typeof namespace === "string" ? namespace : undefined;
  const folder = place === undefined ? base : `${base}/namespaces/${encodeURIComponent(place)}`;
  const live = await reader.get<LiveObject>(`${folder}/${served.name}/${encodeURIComponent(name)}`);
  if (live === undefined) return { kind: "absent" };
  const own = (live.metadata.managedFields ?? []).some((entry) =>
    manager.test(entry.manager ?? ""),
  );
  if (!own) return { kind: "foreign" };
  return { kind: "made", id: place === undefined ? name : `${place}/${name}` };
}
