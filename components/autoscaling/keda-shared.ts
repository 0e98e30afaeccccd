import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { Rule } from "../shared/service-account";

/** Names that are fixed in KEDA: the operator writes its certificate into the objects with these names. */
export const kedaNames = {
  operator: "keda-operator",
  metrics: "keda-metrics-apiserver",
  webhooks: "keda-admission-webhooks",
  webhookConfiguration: "keda-admission",
  externalMetrics: "v1beta1.external.metrics.k8s.io",
} as const;

/** Metrics port of all three workloads. */
export const metricsPort = 8080;
/** Port on which the operator serves the metrics server. */
export const grpcPort = 9666;
/** User ID of KEDA's images. */
export const kedaUser = 65_532;

/** Secret with the certificate that the three workloads use to authenticate each other. */
const certificates = "kedaorg-certs";

/** Environment variables of every KEDA container. */
export const environment: k8s.types.input.core.v1.EnvVar[] = [
  { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
  // Empty: watch all namespaces.
  { name: "WATCH_NAMESPACE", value: "" },
  // KEDA reads Secrets of its own namespace only, never those of apps.
  { name: "KEDA_RESTRICT_SECRET_ACCESS", value: "true" },
];

/** Log settings of the operator and of the webhooks. */
export const logArguments = [
  "--zap-log-level=info",
  "--zap-encoder=json",
  "--zap-time-encoding=rfc3339",
];

/** Mount of the certificate in the containers. */
export const certificateMount = { name: "certificates", mountPath: "/certs", readOnly: true };

/**
 * Volume of the certificate.
 * @param optional true for the operator, which creates the Secret; the other pods wait for it.
 */
export function certificateVolume(optional: boolean): PodVolume {
  return { name: "certificates", secret: { secretName: certificates, optional } };
}

/** Requests and limits of each container: KEDA's defaults, enough for some hundred ScaledObjects. */
export const resources = {
  requests: { cpu: "100m", memory: "100Mi" },
  limits: { cpu: "1", memory: "1000Mi" },
};

/** Probes over plain HTTP. */
export const healthProbes: Pick<
  k8s.types.input.core.v1.Container,
  "livenessProbe" | "readinessProbe"
> = {
  livenessProbe: { httpGet: { path: "/healthz", port: 8081 }, initialDelaySeconds: 25 },
  readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, initialDelaySeconds: 5 },
};

/** A rule to read resources. */
export function reads(apiGroup: string, resourceNames: string[]): Rule {
  return { apiGroups: [apiGroup], resources: resourceNames, verbs: ["get", "list", "watch"] };
}

/** A rule to read and change resources. */
export function changes(apiGroup: string, resourceNames: string[], more: string[] = []): Rule {
  const verbs = ["get", "list", "watch", "patch", "update", ...more];
  return { apiGroups: [apiGroup], resources: resourceNames, verbs };
}
