import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { selectorLabels } from "../shared/labels";
import { priority } from "../shared/placement";
import { serviceAccount } from "../shared/service-account";
import { agentConfig, collectorPorts } from "./collector-config";
import { collectorPod, labelsOf, type Common } from "./collector-pod";
import { scraped } from "../shared/pods";
import { declareService } from "../shared/service";

const name = "otel-agent";
const labels = labelsOf(name);
const selector = selectorLabels(name);
const read = ["get", "list", "watch"];

/**
 * A collector on every machine, for the pods of that machine.
 * @param gateway host name that has the address of every sampling collector.
 */
export function agent(args: Common & { gateway: string }, parent: pulumi.Resource): void {
  const { namespace, gateway, placement } = args;
  const account = serviceAccount(
    name,
    {
      namespace,
      labels,
      clusterRules: [
        { apiGroups: [""], resources: ["namespaces", "nodes", "pods"], verbs: read },
        { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
      ],
    },
    parent,
  );
  const { objects, ...pod } = collectorPod(
    name,
    {
      ...args,
      config: agentConfig(gateway),
      receives: ["grpc", "http"],
      cpu: { request: "50m", limit: "500m" },
      memory: 256,
      env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    },
    parent,
  );
  new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        // Apps send again what an agent did not take, and 400 machines one after the other take hours.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: {
            labels: { ...labels, ...selector },
            annotations: scraped(collectorPorts.metrics, "/metrics"),
          },
          spec: {
            ...pod,
            serviceAccountName: account,
            ...priority("platform", placement),
            // Apps run on every machine, exclusive ones included.
            tolerations: [{ operator: "Exists" }],
          },
        },
      },
    },
    { parent, dependsOn: objects },
  );
  declareService(
    name,
    {
      metadata: { name, namespace, labels },
      spec: {
        selector,
        // To the agent of the same machine: only that one knows the pods that send to it.
        internalTrafficPolicy: "Local",
        ports: [
          { name: "grpc", port: collectorPorts.grpc, targetPort: "grpc" },
          { name: "http", port: collectorPorts.http, targetPort: "http" },
        ],
      },
    },
    { parent },
  );
}
