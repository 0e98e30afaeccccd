import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import {
  CoreV1Api,
  StorageV1Api,
  type KubeConfig,
  type V1NodeSelectorRequirement,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
  type V1PersistentVolumeSpec,
  type V1StorageClass,
  type V1VolumeNodeAffinity,
} from "@kubernetes/client-node";
import { sharedVolumes } from "../../machines/places";
import { machineKey } from "../../machines/settings";
import { follow, ignoreConflictOrMissing, merging } from "./follow";

/** The node that the scheduler chose, for classes that wait for the first consumer. */
const selectedNode = "volume.kubernetes.io/selected-node";
/**
 * Marks simulated volumes, so that no others are ever deleted; also the provisioner of the cluster's own class, whose
 * volumes are folders of one node. Those of other provisioners (NFS, Ceph, a cloud's disks) attach to any node.
 */
const maker = "platform/simulated";

/**
 * Annotation of volumes that a driver created. Without it, the controller manager deletes a released volume itself: it
 * fails for a simulated one, whose phase is `Failed` from then on.
 */
const provisionedBy = "pv.kubernetes.io/provisioned-by";

/** Name of the default StorageClass, as in kind and minikube. */
const defaultClass = "standard";

/**
 * Creates a volume for every pending claim, expands it, and deletes it with its claim.
 * @param machines folder of the real nodes; a volume for a pod on one of them is a real folder there.
 */
export function serveVolumes(config: KubeConfig, machines: string): void {
  const core = config.makeApiClient(CoreV1Api);
  const storage = config.makeApiClient(StorageV1Api);
  void offerDefaultClass(storage, existsSync(machines));
  follow(
    config,
    "/api/v1/persistentvolumeclaims",
    () => core.listPersistentVolumeClaimForAllNamespaces(),
    async (claim) => {
      if (claim.status?.phase === "Bound") await grow(core, claim);
      else if (claim.status?.phase === "Pending") await provide(core, storage, claim, machines);
    },
  );
  follow(
    config,
    "/api/v1/persistentvolumes",
    () => core.listPersistentVolume(),
    async (volume) => {
      const released = volume.status?.phase === "Released";
      const ours = volume.metadata?.labels?.[maker] === "true";
      if (!released || !ours || volume.spec?.persistentVolumeReclaimPolicy !== "Delete") return;
      await core
        .deletePersistentVolume({ name: volume.metadata?.name ?? "" })
        .catch(ignoreConflictOrMissing);
      const folder = volumeFolder(machines, volume);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  );
}

async function offerDefaultClass(storage: StorageV1Api, machines: boolean): Promise<void> {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  const body = {
    metadata: { name: defaultClass, annotations },
    provisioner: maker,
    // Only the pod's node decides whether the volume is a real folder.
    ...(machines && { volumeBindingMode: "WaitForFirstConsumer" }),
  };
  await storage.createStorageClass({ body }).catch(ignoreConflictOrMissing);
}

async function provide(
  core: CoreV1Api,
  storage: StorageV1Api,
  claim: V1PersistentVolumeClaim,
  machines: string,
): Promise<void> {
  const name = claim.spec?.storageClassName;
  if (name === undefined || name === "") return;
  const storageClass = await storage.readStorageClass({ name });
  if (storageClass.provisioner === "kubernetes.io/no-provisioner") return;
  const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
  const node = claim.metadata?.annotations?.[selectedNode];
  if (waits && node === undefined) return;
  const body = volumeFor(claim, storageClass, machines, node);
  const folder = volumeFolder(machines, body);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  await core.createPersistentVolume({ body }).catch(ignoreConflictOrMissing);
}

function volumeFor(
  { metadata, spec }: V1PersistentVolumeClaim,
  storageClass: V1StorageClass,
  machines: string,
  node: string | undefined,
): V1PersistentVolume {
  const name = `pvc-${metadata?.uid ?? ""}`;
  return {
    metadata: {
      name,
      labels: { [maker]: "true" },
      annotations: { [provisionedBy]: storageClass.provisioner },
    },
    spec: {
      capacity: spec?.resources?.requests,
      accessModes: spec?.accessModes,
      volumeMode: spec?.volumeMode,
      storageClassName: spec?.storageClassName,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      ...sourceOf(name, storageClass.provisioner, machines, node),
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        name: metadata?.name,
        namespace: metadata?.namespace,
        uid: metadata?.uid,
      },
    },
  };
}

/**
 * Returns where a volume is. On real nodes it is a `local` volume, because the kubelet applies fsGroup to those, as to
 * the volumes of drivers, but not to a host path.
 */
export function sourceOf(
  name: string,
  provisioner: string,
  machines: string,
  node: string | undefined,
): Pick<V1PersistentVolumeSpec, "hostPath" | "local" | "nodeAffinity"> {
  const path = `/var/lib/simulated/${name}`;
  if (!existsSync(machines)) return { hostPath: { path } };
  // Every node has the label, also the simulated ones, whose pods read and write nothing.
  if (provisioner !== maker) {
    const local = { path: `${sharedVolumes}/${name}` };
    return { local, nodeAffinity: on({ key: machineKey, operator: "Exists" }) };
  }
  if (node === undefined || !existsSync(join(machines, node))) return { hostPath: { path } };
  const nodeAffinity = on({ key: "kubernetes.io/hostname", operator: "In", values: [node] });
  return { local: { path }, nodeAffinity };
}

function on(expression: V1NodeSelectorRequirement): V1VolumeNodeAffinity {
  return { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } };
}

/** Returns the folder of a volume for real nodes on this machine. */
export function volumeFolder(
  machines: string,
  { spec }: Pick<V1PersistentVolume, "spec">,
): string | undefined {
  const path = spec?.local?.path;
  if (path === undefined) return undefined;
  if (posix.dirname(path) === sharedVolumes) return join(machines, path);
  const [term] = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const node = term?.matchExpressions?.[0]?.values?.[0];
  return node === undefined ? undefined : join(machines, node, path);
}

async function grow(
  core: CoreV1Api,
  { metadata, spec, status }: V1PersistentVolumeClaim,
): Promise<void> {
  const [wanted, present] = [spec?.resources?.requests?.storage, status?.capacity?.storage];
  if (wanted === undefined || wanted === present) return;
  const capacity = { storage: wanted };
  await core.patchPersistentVolume(
    { name: spec?.volumeName ?? "", body: { spec: { capacity } } },
    merging,
  );
  await core.patchNamespacedPersistentVolumeClaimStatus(
    {
      name: metadata?.name ?? "",
      namespace: metadata?.namespace ?? "",
      body: { status: { capacity } },
    },
    merging,
  );
}
