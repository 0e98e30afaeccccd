import {
  CoreV1Api,
  StorageV1Api,
  setHeaderOptions,
  PatchStrategy,
  type KubeConfig,
  type V1PersistentVolume,
  type V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { follow, settled } from "./follow";

/** The scheduler's choice of a node, for classes that wait for the first consumer. */
const selectedNode = "volume.kubernetes.io/selected-node";
/** Marks the volumes made here, so that no other is ever deleted. */
const maker = "platform/simulated";

/** The class of claims that name none, as kind and minikube have it too. */
const defaultClass = "standard";

/** Makes a volume for every claim that waits for one, lets it grow, and deletes it with its claim. */
export function serveVolumes(config: KubeConfig): void {
  const core = config.makeApiClient(CoreV1Api);
  const storage = config.makeApiClient(StorageV1Api);
  void offerDefaultClass(storage);
  follow(
    config,
    "/api/v1/persistentvolumeclaims",
    () => core.listPersistentVolumeClaimForAllNamespaces(),
    async (claim) => {
      if (claim.status?.phase === "Bound") await grow(core, claim);
      else if (claim.status?.phase === "Pending") await provide(core, storage, claim);
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
      await core.deletePersistentVolume({ name: volume.metadata?.name ?? "" }).catch(settled);
    },
  );
}

async function offerDefaultClass(storage: StorageV1Api): Promise<void> {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  const body = { metadata: { name: defaultClass, annotations }, provisioner: maker };
  await storage.createStorageClass({ body }).catch(settled);
}

async function provide(
  core: CoreV1Api,
  storage: StorageV1Api,
  claim: V1PersistentVolumeClaim,
): Promise<void> {
  const name = claim.spec?.storageClassName;
  if (name === undefined || name === "") return;
  const storageClass = await storage.readStorageClass({ name });
  if (storageClass.provisioner === "kubernetes.io/no-provisioner") return;
  const waits = storageClass.volumeBindingMode === "WaitForFirstConsumer";
  if (waits && claim.metadata?.annotations?.[selectedNode] === undefined) return;
  const body = volumeFor(claim, storageClass.reclaimPolicy ?? "Delete");
  await core.createPersistentVolume({ body }).catch(settled);
}

function volumeFor(
  { metadata, spec }: V1PersistentVolumeClaim,
  reclaimPolicy: string,
): V1PersistentVolume {
  const name = `pvc-${metadata?.uid ?? ""}`;
  return {
    metadata: { name, labels: { [maker]: "true" } },
    spec: {
      capacity: spec?.resources?.requests,
      accessModes: spec?.accessModes,
      volumeMode: spec?.volumeMode,
      storageClassName: spec?.storageClassName,
      persistentVolumeReclaimPolicy: reclaimPolicy,
      hostPath: { path: `/var/lib/simulated/${name}` },
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

async function grow(
  core: CoreV1Api,
  { metadata, spec, status }: V1PersistentVolumeClaim,
): Promise<void> {
  const [wanted, present] = [spec?.resources?.requests?.storage, status?.capacity?.storage];
  if (wanted === undefined || wanted === present) return;
  const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const capacity = { storage: wanted };
  await core.patchPersistentVolume(
    { name: spec?.volumeName ?? "", body: { spec: { capacity } } },
    options,
  );
  await core.patchNamespacedPersistentVolumeClaimStatus(
    {
      name: metadata?.name ?? "",
      namespace: metadata?.namespace ?? "",
      body: { status: { capacity } },
    },
    options,
  );
}
