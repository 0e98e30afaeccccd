import { ProgramError } from "../../config";
import type { ClusterReader, ReaderArgs } from "../../cluster/reader";
import type { State, StateResource } from "../../engine/state";

/** What happened to an object that was being created. */
export type Found = { kind: "made"; id: string } | { kind: "absent" } | { kind: "foreign" };

interface LiveObject {
  metadata: { uid?: string; managedFields?: { manager?: string }[] };
}

interface Kinds {
  resources: { name: string; kind: string; namespaced: boolean }[];
}

/** How the official plugin and its stand-in identify themselves to the API server. */
const manager = /^pulumi-kubernetes\b/;

/** Returns how the last update reached its cluster; undefined if it created no provider. */
export function clusterOf({ deployment }: State): ReaderArgs | undefined {
  const provider = (deployment.resources ?? []).find(
    ({ type }) => type === "pulumi:providers:kubernetes",
  );
  const { kubeconfig, context } = provider?.inputs ?? {};
  return typeof kubeconfig === "string" && typeof context === "string"
    ? { kubeconfig, context }
    : undefined;
}

/** Kinds that exist for as long as their stack, so that they identify its cluster. */
const witness = /^kubernetes:core\/v1:(Namespace|Service)$/;

/**
 * Number of such objects that are looked up. Someone may have deleted one of them, but is unlikely to have deleted all.
 */
const enough = 5;

/**
 * Verifies that the cluster is the stack's own: that it still has an object whose UID is in the state. In
 * another cluster, none of the stack's objects exist, and a refresh would remove all of them from the state.
 * @throws ProgramError if it is another cluster.
 */
export async function assertSameCluster(state: State, reader: ClusterReader): Promise<void> {
  const witnesses = (state.deployment.resources ?? [])
    .filter((resource) => witness.test(resource.type) && uidOf(resource) !== undefined)
    .slice(0, enough);
  if (witnesses.length === 0) return;
  for (const resource of witnesses) {
    const live = await lookUp(resource, reader);
    if (live?.object.metadata.uid === uidOf(resource)) return;
  }
  throw new ProgramError(
    `Wrong cluster: it has none of ${witnesses.map(({ urn }) => urn.split("::").at(-1)).join(", ")} that the stack's last update made. ` +
      `Nothing was changed. Point the kubeconfig to the stack's own cluster.`,
  );
}

function uidOf({ outputs }: StateResource): string | undefined {
  return (outputs?.["metadata"] as { uid?: string } | undefined)?.uid;
}

/** Returns whether the object that a resource declares exists, and was created by Pulumi. */
export async function find(
  resource: StateResource,
  reader: Pick<ClusterReader, "get">,
): Promise<Found> {
  const live = await lookUp(resource, reader);
  if (live === undefined) return { kind: "absent" };
  const own = (live.object.metadata.managedFields ?? []).some((entry) =>
    manager.test(entry.manager ?? ""),
  );
  return own ? { kind: "made", id: live.id } : { kind: "foreign" };
}

/** Returns the object that a resource declares, and its ID; undefined if it does not exist. */
async function lookUp(
  resource: StateResource,
  reader: Pick<ClusterReader, "get">,
): Promise<{ id: string; object: LiveObject } | undefined> {
  const { apiVersion, kind, metadata } = (resource.inputs ?? {}) as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown };
  };
  const { name, namespace } = metadata ?? {};
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
    throw new ProgramError(
      `Nothing was changed: the state does not say which object ${resource.urn} is. Look for it in the cluster, ` +
        `and resolve it with: pulumi refresh (which asks about it in a terminal).`,
    );
  }
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  // A kind that is not served has no objects either.
  const kinds = (await reader.get<Kinds>(base))?.resources ?? [];
  const served = kinds.find((each) => each.kind === kind && !each.name.includes("/"));
  if (served === undefined) return undefined;
  const place = served.namespaced && typeof namespace === "string" ? namespace : undefined;
  const folder = place === undefined ? base : `${base}/namespaces/${encodeURIComponent(place)}`;
  const object = await reader.get<LiveObject>(
    `${folder}/${served.name}/${encodeURIComponent(name)}`,
  );
  return object && { id: place === undefined ? name : `${place}/${name}`, object };
}
