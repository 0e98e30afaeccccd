import * as k8s from "@pulumi/kubernetes";
import { selectorLabels } from "../shared/labels";
import { kafkaPorts } from "./kafka-config";
import { metadata, nodesNamespace, type Place } from "./place";

/** Who may talk to the pipeline: its own pods, the gateway to Kibana, and whoever reads metrics. */
export function network(place: Place): void {
  const policy = (name: string, spec: k8s.types.input.networking.v1.NetworkPolicySpec) =>
    new k8s.networking.v1.NetworkPolicy(
      `logging-${name}`,
      {
        metadata: metadata(name, place),
        spec: { policyTypes: ["Ingress"], ...spec },
      },
      { parent: place.parent },
    );
  policy("own-pods", { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
  policy("filebeat-to-kafka", {
    podSelector: { matchLabels: selectorLabels("kafka") },
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": nodesNamespace } },
            podSelector: { matchLabels: selectorLabels("filebeat") },
          },
        ],
        ports: [{ protocol: "TCP", port: kafkaPorts.client }],
      },
    ],
  });
  policy("gateway-to-kibana", {
    podSelector: { matchLabels: selectorLabels("kibana") },
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateway" } } },
        ],
        ports: [{ protocol: "TCP", port: 5601 }],
      },
    ],
  });
  policy("metrics", {
    podSelector: {
      matchExpressions: [
        {
          key: "app.kubernetes.io/name",
          operator: "In",
          values: ["kafka-exporter", "elasticsearch-exporter"],
        },
      ],
    },
    ingress: [
      {
        ports: [
          { protocol: "TCP", port: 9308 },
          { protocol: "TCP", port: 9114 },
        ],
      },
    ],
  });
}
