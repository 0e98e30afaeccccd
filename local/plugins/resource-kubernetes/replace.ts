import type { ObjectName } from "./objects";

/** Another kind is another type of resource, except for CustomResource, which can have any kind. */
const always = [/^metadata\.name$/, /^metadata\.namespace$/, /^kind$/];

const selector = /^spec\.selector\b/;
const roleRef = /^roleRef\b/;

/** Fields of a pod that the official plugin changes by a replacement. */
const podFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID " +
  "hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates " +
  "restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace " +
  "subdomain terminationGracePeriodSeconds volumes";

/** Fields of a volume with the location of its data. */
const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath " +
  "iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

/**
 * Fields whose change replaces the object, by group and kind: the same as in the official plugin. The API rejects
 * changes of more fields; a program can list them in `replaceOnChanges`.
 */
const immutable: Record<string, RegExp[]> = {
  "apps/Deployment": [selector],
  "apps/DaemonSet": [selector],
  "apps/StatefulSet": [
    selector,
    inSpec("podManagementPolicy revisionHistoryLimit serviceName volumeClaimTemplates"),
  ],
  "batch/Job": [selector, inSpec("completions parallelism template")],
  "/PersistentVolume": [inSpec(volumeSources)],
  "/PersistentVolumeClaim": [selector, inSpec("accessModes storageClassName volumeName")],
  "/Pod": [inSpec(podFields), /^spec\.(containers|initContainers)\[\d+\]\.(?!name$)/],
  "/ResourceQuota": [inSpec("scopes")],
  "/Secret": [/^type$/],
  "/Service": [inSpec("clusterIP")],
  "rbac.authorization.k8s.io/RoleBinding": [roleRef],
  "rbac.authorization.k8s.io/ClusterRoleBinding": [roleRef],
  "storage.k8s.io/StorageClass": [/^(provisioner|parameters)\b/],
};

/** Content of objects with `immutable: true`. */
const frozenContent: Record<string, RegExp> = {
  "/Secret": /^(type|data|stringData)\b/,
  "/ConfigMap": /^(data|binaryData)\b/,
};

/**
 * Whether a change at this path replaces the object.
 * @param frozen whether the object has `immutable: true`.
 */
export function replaces(path: string, { apiVersion, kind }: ObjectName, frozen: boolean): boolean {
  if (always.some((pattern) => pattern.test(path))) return true;
  const key = `${groupOf(apiVersion)}/${kind}`;
  if (frozen && frozenContent[key]?.test(path) === true) return true;
  return (immutable[key] ?? []).some((pattern) => pattern.test(path));
}

/** Returns the group of an apiVersion; empty for the core group. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

function inSpec(names: string): RegExp {
  return new RegExp(`^spec\\.(${names.replaceAll(" ", "|")})(?!\\w)`);
}
