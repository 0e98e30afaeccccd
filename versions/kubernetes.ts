/** Supported minor versions of Kubernetes. The nightly tests use the first and the last. */
export const supportedKubernetes = ["1.34", "1.35", "1.36", "1.37"] as const;

/** A supported minor version of Kubernetes. */
export type KubernetesVersion = (typeof supportedKubernetes)[number];

/** A field, or a value of a field, that API servers before a version drop or reject. */
export interface NewField {
  /** Suffix of its path; `[]` matches every item of a list. */
  field: string;
  /** Kind of objects to which it applies. Default: all. */
  kind?: string;
  /** Values to which it applies. Default: all. */
  values?: readonly unknown[];
  /** First version whose API server accepts it without a feature gate. Default: no supported version does. */
  since?: string;
}

/**
 * Fields behind feature gates of the supported versions, from pkg/features/kube_features.go of Kubernetes 1.34.4 and
 * 1.37.2. An API server whose gate is disabled drops most of them silently.
 */
export const newFields: readonly NewField[] = [
  { field: "lifecycle.preStop.sleep", since: "1.30" },
  { field: "template.spec.resources", since: "1.34" },
  { field: "trafficDistribution", values: ["PreferSameZone", "PreferSameNode"], since: "1.34" },
  { field: "containers[].restartPolicyRules", since: "1.35" },
  { field: "containers[].restartPolicy", since: "1.35" },
  { field: "valueFrom.fileKeyRef", since: "1.35" },
  { field: "spec.hostnameOverride", since: "1.35" },
  { field: "volumes[].image", since: "1.35" },
  { field: "scaleUp.tolerance", kind: "HorizontalPodAutoscaler", since: "1.35" },
  { field: "scaleDown.tolerance", kind: "HorizontalPodAutoscaler", since: "1.35" },
  { field: "spec.minReplicas", kind: "HorizontalPodAutoscaler", values: [0], since: "1.37" },
  { field: "rollingUpdate.maxUnavailable", kind: "StatefulSet", since: "1.37" },
  { field: "sources[].podCertificate", since: "1.37" },
  { field: "lifecycle.stopSignal" },
  { field: "tolerations[].operator", values: ["Lt", "Gt"] },
];
