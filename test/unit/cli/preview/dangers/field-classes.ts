import type { DangerKind } from "../../../../../cli/preview/dangers";

/** A class of fields of the rendered objects, and the expected danger of their change. */
export interface FieldClass {
  /** Pattern for the kind of the object and the path of the field, for example `Service spec.ports[].nodePort`. */
  fields: RegExp;
  /** Returns another value; undefined removes the field. */
  to: (value: unknown) => unknown;
  /** The kind of danger; `none` if it must not be a danger. */
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

/** The first class that matches a field applies; a field without a class may have any result. */
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
  {
    fields: /^HTTPRoute spec\.rules\[\]\.matches\[\]\.headers\[\]\.(type|name|value)$/,
    to: other,
    is: "exposure",
  },
  {
    fields: /^HTTPRoute spec\.rules\[\]\.(backendRefs\[\]|filters\[\]\.extensionRef)\.name$/,
    to: other,
    is: "exposure",
  },
  { fields: /^Middleware spec\.rateLimit\.(average|burst)$/, to: () => 1, is: "exposure" },
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
  {
    fields: /^HorizontalPodAutoscaler spec\.metrics\[\]\..*averageUtilization$/,
    to: other,
    is: "capacity",
  },
  {
    fields: /^ScaledObject spec\.triggers\[\]\.metadata\.(value|threshold)$/,
    to: (value) => String(Number(value) + 7),
    is: "capacity",
  },
  { fields: /^ScaledObject spec\.triggers\[\]\.metadata\.query$/, to: other, is: "capacity" },
  { fields: /^ScaledObject spec\.triggers\[\]\.type$/, to: other, is: "capacity" },
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
  // Fields that give pods no more rights, and take nothing away from others.
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
