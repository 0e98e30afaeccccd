import {
  AppsV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { pausedReplicas } from "../../../components/app/annotations";
import { followCustom, ignoreConflictOrMissing, ignoreMissing, merging } from "./follow";

/** Where the API server serves ScaledObjects. */
export const scaledObjects = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };

/** Finalizer of a ScaledObject until the operator has deleted its autoscaler. */
const finalizer = "finalizer.keda.sh";

/** The fields of a ScaledObject that matter here. */
export interface ScaledObject extends KubernetesObject {
  spec?: { scaleTargetRef: { name: string }; minReplicaCount?: number; maxReplicaCount?: number };
}

/** The clients of the API server that {@link actOn} uses. */
export interface ScalingApis {
  apps: AppsV1Api;
  objects: CustomObjectsApi;
}

/** Returns the clients of an API server. */
export function scalingApis(config: KubeConfig): ScalingApis {
  return {
    apps: config.makeApiClient(AppsV1Api),
    objects: config.makeApiClient(CustomObjectsApi),
  };
}

/** Applies {@link actOn} to every ScaledObject. */
export function serveScaledObjects(config: KubeConfig): void {
  const apis = scalingApis(config);
  followCustom<ScaledObject>(config, scaledObjects, (object) => actOn(apis, object));
}

/**
 * Acts on a ScaledObject like KEDA's operator and its autoscaler without measurements: adds the operator's finalizer,
 * removes it when the object is deleted, and keeps the target between its minimum and maximum of pods, or at the number
 * of a paused one. It creates no HorizontalPodAutoscaler and queries no Prometheus.
 */
export async function actOn(
  { apps, objects }: ScalingApis,
  { metadata, spec }: ScaledObject,
): Promise<void> {
  const {
    name = "",
    namespace = "",
    finalizers = [],
    deletionTimestamp,
    resourceVersion,
  } = metadata ?? {};
  const isDeleted = deletionTimestamp !== undefined;
  const wanted = finalizers.filter((it) => it !== finalizer).concat(isDeleted ? [] : [finalizer]);
  if (wanted.length !== finalizers.length) {
    // A patch replaces the whole list. With its version, an object that has changed since, for example one that is now
    // being deleted, is a conflict.
    const body = { metadata: { finalizers: wanted, resourceVersion } };
    const object = { ...scaledObjects, name, namespace, body };
    await objects.patchNamespacedCustomObject(object, merging).catch(ignoreConflictOrMissing);
  }
  if (!isDeleted && spec !== undefined) {
    const paused = metadata?.annotations?.[pausedReplicas];
    await scale(apps, namespace, spec, paused).catch(ignoreMissing);
  }
}

async function scale(
  apps: AppsV1Api,
  namespace: string,
  { scaleTargetRef, minReplicaCount = 0, maxReplicaCount = 100 }: NonNullable<ScaledObject["spec"]>,
  paused: string | undefined,
): Promise<void> {
  const target = { namespace, name: scaleTargetRef.name };
  const { spec } = await apps.readNamespacedDeploymentScale(target);
  const now = spec?.replicas ?? 0;
  const replicas =
    paused === undefined
      ? Math.min(maxReplicaCount, Math.max(minReplicaCount, now))
      : Number(paused);
  if (replicas === now) return;
  await apps.patchNamespacedDeploymentScale({ ...target, body: { spec: { replicas } } }, merging);
}
