import type { Resources } from "../../config";
import type { Part } from "../shared/context";
import { podsOf } from "../shared/network-policy";
import type { PartContainer } from "../shared/pod-template";
import { serviceAccount } from "../shared/service-account";
import { deployment } from "../shared/workload";

/**
 * The kinds that are counted, by API group. No Secrets or ConfigMaps: no query uses them, and the right to read them is
 * powerful.
 */
const kinds: Record<string, string[]> = {
  "": [
    "limitranges",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "resourcequotas",
    "services",
  ],
  apps: ["daemonsets", "deployments", "replicasets", "statefulsets"],
  autoscaling: ["horizontalpodautoscalers"],
  batch: ["cronjobs", "jobs"],
  "certificates.k8s.io": ["certificatesigningrequests"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
  "storage.k8s.io": ["storageclasses", "volumeattachments"],
};

/** Labels of objects that become labels of `kube_<kind>_labels`, for queries by team, app or place. */
const objectLabelsShown = [
  "namespaces=[platform/environment,platform/team]",
  "nodes=[topology.kubernetes.io/region,topology.kubernetes.io/zone]",
  "pods=[app.kubernetes.io/instance,app.kubernetes.io/name,app.kubernetes.io/part-of,app.kubernetes.io/version]",
  "services=[app.kubernetes.io/name,app.kubernetes.io/part-of]",
];

const name = "kube-state-metrics";
const ports = { metrics: 8080, telemetry: 8081 };

/** Declares kube-state-metrics, which exports the number and state of objects. */
export function kubeStateMetrics(part: Part, { resources }: { resources: Resources }): void {
  const clusterRules = Object.entries(kinds).map(([group, counted]) => ({
    apiGroups: [group],
    resources: counted,
    verbs: ["list", "watch"],
  }));
  deployment(part, {
    name,
    // Two replicas would count everything twice.
    replicas: 1,
    rollout: "recreate",
    account: serviceAccount(part, name, { clusterRules }),
    user: 65_534,
    containers: [container(resources)],
    metrics: { port: ports.metrics },
    network: { ingress: [{ from: [podsOf("prometheus")], ports: [ports.telemetry] }] },
  });
}

function container(resources: Resources): PartContainer {
  const probe = (path: string, port: string) => ({ httpGet: { path, port } });
  return {
    name,
    image: "kubeStateMetrics",
    args: [
      `--port=${ports.metrics}`,
      `--telemetry-port=${ports.telemetry}`,
      `--resources=${Object.values(kinds).flat().sort().join(",")}`,
      `--metric-labels-allowlist=${objectLabelsShown.join(",")}`,
    ],
    ports: [
      { name: "metrics", containerPort: ports.metrics },
      { name: "telemetry", containerPort: ports.telemetry },
    ],
    // The first list of a large cluster's objects takes a while.
    startupProbe: { ...probe("/healthz", "metrics"), periodSeconds: 5, failureThreshold: 24 },
    livenessProbe: { ...probe("/livez", "metrics"), periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...probe("/readyz", "telemetry"), periodSeconds: 5, failureThreshold: 3 },
    resources,
  };
}
