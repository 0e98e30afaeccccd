import type { DangerKind } from "../../../../../cli/preview/dangers";

/** A class of fields of the rendered objects, and what a change of one of them must be. */
export interface FieldClass {
  /** Kind of the object and path of the field, for example `Service spec.ports[].nodePort`. */
  fields: RegExp;
  /** Another value; nothing takes the field away. */
  to: (value: unknown) => unknown;
  /** The kind of danger; `none` where it must not be any. */
  is: DangerKind | "none";
}

const other = (value: unknown) =>
  typeof value === "number"
    ? value + 7
    : typeof value === "boolean"
      ? !value
      : `${String(value)}-other`;
const zero = () => 0;
const flipped = (value: unknown) => value !== true;

/** The first class that a field is of decides; a field of no class may be anything. */
export const fieldClasses: FieldClass[] = [
  { fields: /^\w+ metadata\.(labels|annotations)\["app\.kubernetes\.io/, to: other, is: "none" },
  { fields: /^Service spec\.(type|clusterIP)$/, to: other, is: "exposure" },
  {
    fields: /^Service spec\.ports\[\]\.(port|nodePort|targetPort|protocol|name)$/,
    to: other,
    is: "exposure",
  },
  { fields: /^Service spec\.selector/, to: other, is: "selector" },
  { fields: /^HTTPRoute spec\.(hostnames|parentRefs)\[\]/, to: other, is: "exposure" },
  { fields: /^GatewayClass spec/, to: other, is: "exposure" },
  {
    fields:
      /^Gateway spec\.(gatewayClassName|listeners\[\]\.(name|port|protocol|hostname|tls.*|allowedRoutes.*))$/,
    to: other,
    is: "tls",
  },
  {
    fields: /^(Cluster)?RoleBinding subjects\[\]\.(kind|name|namespace)$/,
    to: other,
    is: "rights",
  },
  { fields: /^(Cluster)?RoleBinding roleRef/, to: other, is: "rights" },
  {
    fields:
      /^(Cluster)?Role rules\[\]\.(apiGroups|resources|verbs|resourceNames|nonResourceURLs)\[\]$/,
    to: () => "*",
    is: "rights",
  },
  {
    fields: /^Namespace metadata\.labels\["pod-security\.kubernetes\.io\/enforce"\]$/,
    to: () => "privileged",
    is: "pod-security",
  },
  {
    fields: /\.securityContext\.(runAsNonRoot|readOnlyRootFilesystem)$/,
    to: (value) => (value === true ? undefined : value),
    is: "pod-security",
  },
  {
    fields: /\.securityContext\.allowPrivilegeEscalation$/,
    to: (value) => (value === false ? undefined : value),
    is: "pod-security",
  },
  { fields: /\.securityContext\.capabilities\.drop\[\]$/, to: other, is: "pod-security" },
  {
    fields: /\.securityContext\.seccompProfile\.type$/,
    to: () => "Unconfined",
    is: "pod-security",
  },
  { fields: /\.spec\.serviceAccountName$/, to: other, is: "pod-security" },
  { fields: /\.hostPath\.path$/, to: other, is: "pod-security" },
  {
    fields: /^NetworkPolicy spec\.(egress|ingress)\[\]\.(to|from)\[\]\.ipBlock\.cidr$/,
    to: () => "0.0.0.0/0",
    is: "network",
  },
  { fields: /^CronJob spec\.suspend$/, to: () => true, is: "schedule" },
  { fields: /^CronJob spec\.schedule$/, to: () => "0 0 1 1 *", is: "schedule" },
  {
    fields: /^StorageClass (reclaimPolicy|provisioner|parameters\.\w+|mountOptions\[\])$/,
    to: other,
    is: "storage",
  },
  { fields: /^VolumeSnapshotClass deletionPolicy$/, to: other, is: "storage" },
  {
    fields: /^PersistentVolumeClaim spec\.(storageClassName|resources\.requests\.storage)$/,
    to: other,
    is: "storage",
  },
  { fields: /^ResourceQuota spec\.hard\["requests\.cpu"\]$/, to: () => "1m", is: "quota" },
  { fields: /^LimitRange spec\.limits\[\]\./, to: other, is: "quota" },
  { fields: /^HorizontalPodAutoscaler spec\.(min|max)Replicas$/, to: zero, is: "capacity" },
  { fields: /^ScaledObject spec\.maxReplicaCount$/, to: zero, is: "capacity" },
  { fields: /^(Deployment|StatefulSet) spec\.replicas$/, to: zero, is: "capacity" },
  { fields: /^PodDisruptionBudget spec\.maxUnavailable$/, to: () => 99, is: "capacity" },
  {
    fields: /^(Deployment|StatefulSet|DaemonSet|Job|CronJob) .*containers\[\]\.image$/i,
    to: () => "docker.io/other/image:1.0",
    is: "image",
  },
  { fields: /^(Validating|Mutating)WebhookConfiguration webhooks/, to: other, is: "admission" },
  { fields: /^(CustomResourceDefinition|APIService) spec/, to: other, is: "admission" },
  { fields: /^PriorityClass value$/, to: other, is: "admission" },
  // What makes no pod do more, and takes nothing from anyone.
  {
    fields: /(liveness|readiness|startup)Probe\.(periodSeconds|timeoutSeconds|failureThreshold)$/,
    to: other,
    is: "none",
  },
  { fields: /^\w+ spec\.revisionHistoryLimit$/, to: other, is: "none" },
  { fields: /^CronJob spec\.(successful|failed)JobsHistoryLimit$/, to: other, is: "none" },
  { fields: /\.terminationGracePeriodSeconds$/, to: other, is: "none" },
  { fields: /\.template\.metadata\.annotations/, to: other, is: "none" },
  { fields: /\.volumeMounts\[\]\.readOnly$/, to: flipped, is: "none" },
];
