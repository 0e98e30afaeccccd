import type { Part } from "../shared/context";
import { podsOf } from "../shared/network-policy";
import { serviceAccount } from "../shared/service-account";
import { daemonSet } from "../shared/workload";
import { agentConfig, collectorPorts } from "./collector-config";
import { collectorPod } from "./collector-pod";
import { gatewayName } from "./gateway";

const name = "otel-agent";
const read = ["get", "list", "watch"];

/**
 * Declares a collector on every node, for the pods of that node.
 * @param gateway host name that resolves to the addresses of all sampling collectors.
 */
export function agent(part: Part, { gateway }: { gateway: string }): void {
  const account = serviceAccount(part, name, {
    clusterRules: [
      { apiGroups: [""], resources: ["namespaces", "nodes", "pods"], verbs: read },
      { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
    ],
  });
  const { grpc, http } = collectorPorts;
  daemonSet(part, {
    name,
    account,
    ...collectorPod(part, name, {
      config: agentConfig(gateway),
      receives: ["grpc", "http"],
      cpu: { request: "50m", limit: "500m" },
      memory: 256,
      env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    }),
    // To the agent of the same node, because only that one knows the pods that send to it.
    service: { ports: { grpc, http }, spec: { internalTrafficPolicy: "Local" } },
    network: {
      // Any pod can send traces.
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [grpc, http] }],
      egress: [{ to: [podsOf(gatewayName)], ports: [grpc] }],
    },
  });
}
