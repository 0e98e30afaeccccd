import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "../objects";
import { condition, count, observed, ready, waiting, type Judge } from "./conditions";

/** Readiness of objects by kind. Other kinds are ready at once. */
export const judges: Record<string, Judge> = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Job: job,
  Pod: pod,
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  ResourceQuota: quota,
  ReplicationController: replicationController,
  Secret: secret,
  CustomResourceDefinition: definition,
};

function deployment(object: KubernetesObject) {
  const wanted = Number(object.spec?.replicas ?? 1);
  if (!observed(object)) return waiting("the controller has not seen the change yet");
  const progressing = condition(object, "Progressing");
  const refused = refusedPods(object);
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    const message = `${progressing.message ?? progressing.reason}${refused}`;
    return { state: "failed" as const, message };
  }
  const [updated, available] = [
    count(object, "updatedReplicas"),
    count(object, "availableReplicas"),
  ];
  if (updated < wanted) {
    return waiting(`${updated} of ${wanted} pods are updated${refused}`);
  }
  if (count(object, "replicas") > updated)
    return waiting("pods of the old version are still terminating");
  if (available < wanted) return waiting(`${available} of ${wanted} pods are available${refused}`);
  return ready;
}

/** Returns why the server rejects pods, usually an exhausted quota. */
function refusedPods(object: KubernetesObject): string {
  const failure = condition(object, "ReplicaFailure");
  return failure?.status === "True" ? `; ${failure.message ?? failure.reason}` : "";
}

function statefulSet(object: KubernetesObject) {
  const wanted = Number(object.spec?.replicas ?? 1);
  if (!observed(object)) return waiting("the controller has not seen the change yet");
  const { currentRevision, updateRevision } = object.status ?? {};
  const readyReplicas = count(object, "readyReplicas");
  if (readyReplicas !== wanted || count(object, "replicas") !== wanted) {
    return waiting(`${readyReplicas} of ${wanted} pods are ready`);
  }
  const strategy = object.spec?.updateStrategy as { type?: string } | undefined;
  const isByHand = strategy?.type === "OnDelete" && (object.metadata.generation ?? 0) > 1;
  if (isByHand) return ready;
  // With a partition, pods below it keep the old revision, so this never becomes true.
  const isWhole = currentRevision === updateRevision && count(object, "currentReplicas") === wanted;
  if (isWhole) return ready;
  return waiting(`${count(object, "updatedReplicas")} of ${wanted} pods are updated`);
}

function daemonSet(object: KubernetesObject) {
  if (!observed(object)) return waiting("the controller has not seen the change yet");
  const wanted = count(object, "desiredNumberScheduled");
  const updated = count(object, "updatedNumberScheduled");
  const strategy = object.spec?.updateStrategy as { type?: string } | undefined;
  if (strategy?.type !== "OnDelete" && updated < wanted) {
    return waiting(`${updated} of ${wanted} pods are updated`);
  }
  const available = count(object, "numberAvailable");
  return available < wanted ? waiting(`${available} of ${wanted} pods are available`) : ready;
}

function job(object: KubernetesObject) {
  const failed = condition(object, "Failed");
  if (failed?.status === "True") {
    return { state: "failed" as const, message: failed.message ?? failed.reason ?? "it failed" };
  }
  if (condition(object, "Complete")?.status === "True") return ready;
  return waiting(`${count(object, "active")} pods running, ${count(object, "failed")} failed`);
}

function pod(object: KubernetesObject) {
  const { phase } = object.status ?? {};
  if (phase === "Succeeded" || condition(object, "Ready")?.status === "True") return ready;
  if (phase === "Failed") return { state: "failed" as const, message: "the pod failed" };
  return waiting(condition(object, "Ready")?.message ?? `the pod is ${String(phase)}`);
}

function claim(object: KubernetesObject) {
  return object.status?.phase === "Bound"
    ? ready
    : waiting("the claim is not bound to a volume yet");
}

function volume(object: KubernetesObject) {
  const phase = object.status?.phase;
  return phase === "Available" || phase === "Bound"
    ? ready
    : waiting(`the volume is ${typeof phase === "string" ? phase : "not seen yet"}`);
}

function quota({ spec, status }: KubernetesObject) {
  return isDeepStrictEqual(spec?.hard ?? {}, status?.hard)
    ? ready
    : waiting("the controller has not applied the new limits yet");
}

function replicationController(object: KubernetesObject) {
  const wanted = Number(object.spec?.replicas ?? 1);
  const available = count(object, "availableReplicas");
  return available === wanted ? ready : waiting(`${available} of ${wanted} pods are available`);
}

/** A controller writes the token of a service account's Secret; all other Secrets are ready at once. */
function secret({ type, data }: KubernetesObject) {
  const isFilled = Object.keys((data ?? {}) as object).length > 0;
  return type !== "kubernetes.io/service-account-token" || isFilled
    ? ready
    : waiting("it has no token yet");
}

function definition(object: KubernetesObject) {
  const names = condition(object, "NamesAccepted");
  if (names?.status === "False") {
    return {
      state: "failed" as const,
      message: names.message ?? "another definition has its names",
    };
  }
  return condition(object, "Established")?.status === "True"
    ? ready
    : waiting("the definition is not served yet");
}
