import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../config";
import { imageReference, images } from "../shared/images";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs, scraped } from "../shared/pods";
import { serviceAccount } from "../shared/service-account";

/** Arguments of {@link kubeStateMetrics}. */
export interface KubeStateMetricsArgs {
  namespace: pulumi.Input<string>;
  resources: Resources;
  imageMirror?: string;
  placement?: PlacementRules;
}

/** The kinds that are counted, by API group. No Secrets or ConfigMaps: nobody asks, and the right to read them is much. */
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
const labels = objectLabels(name, "monitoring");
const selector = selectorLabels(name);

/** kube-state-metrics: how many objects there are, and in what state. */
export function kubeStateMetrics(args: KubeStateMetricsArgs, parent: pulumi.Resource): void {
  const { namespace } = args;
  const clusterRules = Object.entries(kinds).map(([group, resources]) => ({
    apiGroups: [group],
    resources,
    verbs: ["list", "watch"],
  }));
  const serviceAccountName = serviceAccount(name, { namespace, labels, clusterRules }, parent);
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        // Two would count everything twice.
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: scraped(8080),
          },
          spec: {
            serviceAccountName,
            enableServiceLinks: false,
            securityContext: runsAs(65_534),
            ...platformPlacement(args.placement),
            containers: [container(args)],
          },
        },
      },
    },
    { parent },
  );
}

function container({
  resources,
  imageMirror,
}: KubeStateMetricsArgs): k8s.types.input.core.v1.Container {
  const probe = (path: string, port: string) => ({ httpGet: { path, port } });
  return {
    name,
    image: imageReference(images.kubeStateMetrics, imageMirror),
    args: [
      "--port=8080",
      "--telemetry-port=8081",
      `--resources=${Object.values(kinds).flat().sort().join(",")}`,
      `--metric-labels-allowlist=${objectLabelsShown.join(",")}`,
    ],
    ports: [
      { name: "metrics", containerPort: 8080 },
      { name: "telemetry", containerPort: 8081 },
    ],
    // A large cluster's objects take a while to be listed for the first time.
    startupProbe: { ...probe("/healthz", "metrics"), periodSeconds: 5, failureThreshold: 24 },
    livenessProbe: { ...probe("/livez", "metrics"), periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...probe("/readyz", "telemetry"), periodSeconds: 5, failureThreshold: 3 },
    resources,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
  };
}
