/** Minor versions of Kubernetes that stacks may be declared on: the nightly tests try the first and the last. */
export const supportedKubernetes = ["1.34", "1.35", "1.36", "1.37"] as const;

/** A minor version of Kubernetes that is supported. */
export type KubernetesVersion = (typeof supportedKubernetes)[number];

/** A field, or a value of one, that an API server drops or refuses before a version. */
export interface NewField {
  /** End of its path; `[]` stands for every item of a list. */
  field: string;
  /** Only on objects of this kind. */
  kind?: string;
  /** Only these values of it. */
  values?: readonly unknown[];
  /** First version whose API server takes it without a feature gate; none does without it. */
  since?: string;
}

/**
 * Fields behind feature gates of the supported versions, from pkg/features/kube_features.go of
 * Kubernetes 1.34.4 and 1.37.2. An API server whose gate is off drops most of them in silence.
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
