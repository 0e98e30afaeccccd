import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Network } from "../shared/network-policy";
import type { PodVolume } from "../shared/part-container";
import { platformPlacement } from "../shared/placement";
import type { PodArgs } from "../shared/pod-template";
import { daemonSet, deployment, type WorkloadArgs } from "../shared/workload";
import { workloadName, type DriverArgs, type DriverKey } from "./driver";
import { socketMount } from "./sidecars";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Settings in which the pods of drivers differ. */
export interface DriverPods extends Pick<PodArgs, "containers"> {
  account: pulumi.Input<string>;
  /** Whether the account has rights, so that the pods need its token. */
  token: boolean;
  /** Connections of its pods, in addition to DNS and the API server; `host` for pods in their node's network. */
  network: Network | "host";
  /** Whether the pods see their node's processes. Default: false. */
  hostPID?: boolean;
  /** Port of the metrics for Prometheus. */
  metricsPort: number;
  volumes: PodVolume[];
  dependsOn: pulumi.Resource[];
}

/** Security context of a driver that mounts. */
export const mountingSecurityContext = {
  privileged: true,
  allowPrivilegeEscalation: true,
  capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/** Declares the Deployment that creates, expands and deletes volumes for the whole cluster. */
export function controllerDeployment(
  key: DriverKey,
  pods: DriverPods,
  args: DriverArgs,
): k8s.apps.v1.Deployment {
  return deployment(args.part, {
    ...workloadArgs(workloadName(key, "controller"), pods),
    replicas: args.replicas,
    // A new pod next to an old one would find its ports in use, or no free node.
    rollout: "in-place",
    spread: "required",
    volumes: [
      { name: socketMount.name, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      ...pods.volumes,
    ],
    spec: { ...hostAccess(pods), ...controllerPlacement(args) },
  });
}

/** Declares the DaemonSet that mounts volumes on every node. */
export function nodeDaemonSet(
  key: DriverKey,
  pods: DriverPods,
  args: DriverArgs,
): k8s.apps.v1.DaemonSet {
  return daemonSet(args.part, {
    ...workloadArgs(workloadName(key, "node"), pods),
    spec: {
      ...hostAccess(pods),
      nodeSelector: args.nodeLabels,
      priorityClassName: "system-node-critical",
    },
  });
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
export function nodeVolumes(kubeletDirectory: string, pluginFolder: string): PodVolume[] {
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
): PodVolume {
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

function workloadArgs(name: string, pods: DriverPods): WorkloadArgs {
  const { account, token, network, containers, volumes, metricsPort, dependsOn } = pods;
  return {
    name,
    // Root, because the driver's socket belongs to root and the other containers could not open it. They have no
    // capabilities and cannot gain any; only drivers that mount are privileged.
    user: { user: 0 },
    account,
    token,
    network,
    containers,
    volumes,
    metrics: { port: metricsPort, path: "/metrics" },
    dependsOn,
  };
}

function hostAccess({ network, hostPID = false }: DriverPods): Partial<PodSpec> {
  return {
    ...(network === "host" ? { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } : {}),
    ...(hostPID ? { hostPID } : {}),
  };
}
