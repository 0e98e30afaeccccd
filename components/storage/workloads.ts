import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { workloadPolicy, type Network } from "../shared/network-policy";
import { platformPlacement } from "../shared/placement";
import { podSecurityContext, scrapeAnnotations, spread } from "../shared/pods";
import { workloadNames, type DriverArgs, type DriverKey } from "./driver";
import { socketMount } from "./sidecars";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Volume = k8s.types.input.core.v1.Volume;

/** Settings in which the pods of drivers differ. */
export interface DriverPods {
  account: pulumi.Input<string>;
  /** Whether the account has rights, so that the pods need its token. */
  token: boolean;
  /** Whether the pods use their node's network. */
  hostNetwork: boolean;
  /** Whether the pods see their node's processes. Default: false. */
  hostPID?: boolean;
  /** Port of the metrics for Prometheus. */
  metricsPort: number;
  /** Connections of pods outside the host network, in addition to the API server. Default: none. */
  egress?: Network["egress"];
  containers: k8s.types.input.core.v1.Container[];
  volumes: Volume[];
  dependsOn: pulumi.Resource[];
}

/**
 * Root, because the driver's socket belongs to root and the other containers could not open it. They have no
 * capabilities and cannot gain any; only drivers that mount are privileged.
 */
const rootSecurityContext = { ...podSecurityContext, runAsNonRoot: false, runAsUser: 0 } as const;

/** Security context of a driver that mounts. */
export const mountingSecurityContext = {
  privileged: true,
  allowPrivilegeEscalation: true,
  capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/**
 * Declares the Deployment that creates, expands and deletes volumes for the whole cluster, and its disruption budget.
 */
export function controllerDeployment(
  key: DriverKey,
  pods: DriverPods,
  args: DriverArgs,
  parent: pulumi.Resource,
): k8s.apps.v1.Deployment {
  const { name, selector, labels } = workloadNames(key, "controller");
  const metadata = { namespace: args.namespace, labels };
  disruptionBudget(name, { ...metadata, matchLabels: selector }, parent);
  // No network policy applies to pods in the host network.
  if (!pods.hostNetwork) {
    const { metricsPort, egress } = pods;
    workloadPolicy(args.part, name, { egress }, { metricsPort, usesApi: pods.token });
  }
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { name, ...metadata },
      spec: {
        replicas: args.replicas,
        selector: { matchLabels: selector },
        // A new pod next to an old one would find its ports in use, or no free node.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        template: {
          metadata: podMetadata(selector, labels, pods),
          spec: {
            ...podSpec(pods, args),
            ...controllerPlacement(args),
            ...spread(selector, "required"),
            volumes: [
              { name: socketMount.name, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
              ...pods.volumes,
            ],
          },
        },
      },
    },
    { parent, dependsOn: pods.dependsOn },
  );
}

/** Declares the DaemonSet that mounts volumes on every node. */
export function nodeDaemonSet(
  key: DriverKey,
  pods: DriverPods,
  args: DriverArgs,
  parent: pulumi.Resource,
): k8s.apps.v1.DaemonSet {
  const { name, selector, labels } = workloadNames(key, "node");
  return new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: { name, namespace: args.namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        // Mounts survive the driver's pod, so 10% of the nodes can be without one for a moment.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: podMetadata(selector, labels, pods),
          spec: {
            ...podSpec(pods, args),
            priorityClassName: "system-node-critical",
            tolerations: [{ operator: "Exists" }],
            volumes: pods.volumes,
          },
        },
      },
    },
    { parent, dependsOn: pods.dependsOn },
  );
}

/** Returns where a controller runs: on the platform's node group, and otherwise also on control plane nodes. */
export function controllerPlacement({
  nodeLabels,
  part,
}: DriverArgs): Pick<PodSpec, "nodeSelector" | "tolerations" | "priorityClassName"> {
  const { nodeSelector, tolerations = [] } = platformPlacement(part.context.placement);
  return {
    nodeSelector: { ...nodeLabels, ...nodeSelector },
    // Kubernetes' own class, because no other part of the platform starts without volumes.
    priorityClassName: "system-cluster-critical",
    tolerations: [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      ...tolerations,
    ],
  };
}

/** Returns the folders of a node that the driver and the kubelet share. */
export function nodeVolumes(kubeletDirectory: string, pluginFolder: string): Volume[] {
  return [
    hostFolder(
      socketMount.name,
      `${kubeletDirectory}/plugins/${pluginFolder}`,
      "DirectoryOrCreate",
    ),
    hostFolder("registration", `${kubeletDirectory}/plugins_registry`),
    hostFolder("pods", `${kubeletDirectory}/pods`),
  ];
}

/**
 * Returns a folder of the node.
 * @param type whether it must exist; an empty type leaves that to the container runtime.
 */
export function hostFolder(
  name: string,
  path: string,
  type: "Directory" | "DirectoryOrCreate" | "" = "Directory",
): Volume {
  return { name, hostPath: { path, type } };
}

/** Mounts the kubelet's pod folder under the same path, so that new mounts propagate to the pods. */
export function podsMount(kubeletDirectory: string): k8s.types.input.core.v1.VolumeMount {
  return {
    name: "pods",
    mountPath: `${kubeletDirectory}/pods`,
    mountPropagation: "Bidirectional",
  };
}

function podSpec(pods: DriverPods, args: DriverArgs): PodSpec {
  return {
    serviceAccountName: pods.account,
    automountServiceAccountToken: pods.token,
    enableServiceLinks: false,
    nodeSelector: args.nodeLabels,
    securityContext: rootSecurityContext,
    ...(pods.hostNetwork ? { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } : {}),
    ...(pods.hostPID === true ? { hostPID: true } : {}),
    containers: pods.containers,
  };
}

function podMetadata(
  selector: Record<string, string>,
  labels: Record<string, string>,
  { metricsPort }: DriverPods,
): k8s.types.input.meta.v1.ObjectMeta {
  return {
    labels: { ...labels, ...selector },
    annotations: scrapeAnnotations(metricsPort, "/metrics"),
  };
}
