import type * as k8s from "@pulumi/kubernetes";
import type { PodVolume } from "../shared/pod-template";
import type { Rule } from "../shared/service-account";

/** Names that KEDA itself knows: the operator writes its certificate into what is called so. */
export const kedaNames = {
  operator: "keda-operator",
  metrics: "keda-metrics-apiserver",
  webhooks: "keda-admission-webhooks",
  webhookConfiguration: "keda-admission",
  externalMetrics: "v1beta1.external.metrics.k8s.io",
} as const;

/** Port of the metrics of all three. */
export const metricsPort = 8080;
/** Port on which the operator answers the metrics server. */
export const grpcPort = 9666;
/** The user that KEDA's images are made for. */
export const kedaUser = 65_532;

/** Secret with the certificate that the three trust each other by. */
const certificates = "kedaorg-certs";

/** What every container of KEDA is told. */
export const environment: k8s.types.input.core.v1.EnvVar[] = [
  { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
  // Empty: all namespaces.
  { name: "WATCH_NAMESPACE", value: "" },
  // The Secrets of apps are none of its business; only those of its own namespace are read.
  { name: "KEDA_RESTRICT_SECRET_ACCESS", value: "true" },
];

/** Log settings of the operator and of the webhooks. */
export const logArguments = [
  "--zap-log-level=info",
  "--zap-encoder=json",
  "--zap-time-encoding=rfc3339",
];

/** Where the containers find the certificate. */
export const certificateMount = { name: "certificates", mountPath: "/certs", readOnly: true };

/** @param optional the operator makes the Secret itself; the others wait until it is there. */
export function certificateVolume(optional: boolean): PodVolume {
  return { name: "certificates", secret: { secretName: certificates, optional } };
}

/** Requests and limits of each container: KEDA's own, for some hundred ScaledObjects. */
export const resources = {
  requests: { cpu: "100m", memory: "100Mi" },
  limits: { cpu: "1", memory: "1000Mi" },
};

/** Probes on a port of plain HTTP. */
export const healthProbes: Pick<
  k8s.types.input.core.v1.Container,
  "livenessProbe" | "readinessProbe"
> = {
  livenessProbe: { httpGet: { path: "/healthz", port: 8081 }, initialDelaySeconds: 25 },
  readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, initialDelaySeconds: 5 },
};

/** A rule that lets look at resources. */
export function reads(apiGroup: string, resourceNames: string[]): Rule {
  return { apiGroups: [apiGroup], resources: resourceNames, verbs: ["get", "list", "watch"] };
}

/** A rule that lets look at resources and change them. */
export function changes(apiGroup: string, resourceNames: string[], more: string[] = []): Rule {
  const verbs = ["get", "list", "watch", "patch", "update", ...more];
  return { apiGroups: [apiGroup], resources: resourceNames, verbs };
}
