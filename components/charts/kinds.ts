import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../config/kubernetes-object";
import { customResource } from "../shared/custom-resource";

/** An object of a chart or a file. */
export type PackageObject = KubernetesObject;

type Kind = new (
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** Built-in API groups, by their names in the SDK. */
const groups: Record<string, string> = {
  "": "core",
  "admissionregistration.k8s.io": "admissionregistration",
  "apiextensions.k8s.io": "apiextensions",
  "apiregistration.k8s.io": "apiregistration",
  apps: "apps",
  autoscaling: "autoscaling",
  batch: "batch",
  "certificates.k8s.io": "certificates",
  "coordination.k8s.io": "coordination",
  "discovery.k8s.io": "discovery",
  "flowcontrol.apiserver.k8s.io": "flowcontrol",
  "networking.k8s.io": "networking",
  "node.k8s.io": "node",
  policy: "policy",
  "rbac.authorization.k8s.io": "rbac",
  "resource.k8s.io": "resource",
  "scheduling.k8s.io": "scheduling",
  "storage.k8s.io": "storage",
};

/** Cluster-scoped kinds: the built-in ones, and those of CRDs that this program knows. */
const clusterScopedKinds = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "GatewayClass",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
  "VolumeSnapshotClass",
  "VolumeSnapshotContent",
]);

/** Returns the group of an API version; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** Whether the SDK, and therefore Kubernetes, has a kind; true for kinds of other groups. */
export function isKnownKind({ apiVersion, kind }: PackageObject): boolean {
  return !Object.hasOwn(groups, groupOf(apiVersion)) || classOf(apiVersion, kind) !== undefined;
}

/**
 * Whether a kind is cluster-scoped.
 * @param clusterKinds additional cluster-scoped kinds, as `group/Kind`.
 */
export function isClusterScoped(
  { apiVersion, kind }: PackageObject,
  clusterKinds: ReadonlySet<string>,
): boolean {
  const group = groupOf(apiVersion);
  if (clusterKinds.has(`${group}/${kind}`)) return true;
  const known = Object.hasOwn(groups, group) || group.endsWith(".k8s.io");
  return known && clusterScopedKinds.has(kind);
}

/**
 * Declares an object with the SDK's type of its kind.
 * @param former former name of the resource in the program. Default: none.
 */
export function declareObject(
  name: string,
  object: PackageObject,
  opts: pulumi.CustomResourceOptions,
  former?: string,
): pulumi.CustomResource {
  const known = classOf(object.apiVersion, object.kind);
  if (known === undefined) return customResource(name, object, opts, former);
  return new known(name, object, {
    ...opts,
    aliases: former === undefined ? [] : [{ name: former }],
  });
}

/** Returns the SDK's class of a kind; undefined for kinds of other groups. */
function classOf(apiVersion: string, kind: string): Kind | undefined {
  const group = groups[groupOf(apiVersion)];
  const version = apiVersion.split("/").at(-1) ?? "";
  if (group === undefined) return undefined;
  const sdk = k8s as unknown as Record<string, Record<string, Record<string, unknown>>>;
  const versions = sdk[group];
  if (versions === undefined || !Object.hasOwn(versions, version)) return undefined;
  const kinds = versions[version] ?? {};
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return typeof found === "function" && !kind.endsWith("List") ? (found as Kind) : undefined;
}
