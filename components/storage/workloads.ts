import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { workloadPolicy, type Network } from "../shared/network-policy";
import { platformPlacement } from "../shared/placement";
import { podSecurityContext, scraped, spread } from "../shared/pods";
import { workloadNames, type DriverArgs, type DriverKey } from "./driver";
import { socketMount } from "./sidecars";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Volume = k8s.types.input.core.v1.Volume;

/** The pods of a driver, as far as they differ between drivers. */
export interface DriverPods {
  account: pulumi.Input<string>;
  /** Whether the account has rights, so that the pods need its token. */
  token: boolean;
  /** Whether the pods use their node's network. */
  hostNetwork: boolean;
  /** Whether the pods see their node's processes. */
  hostPID?: boolean;
  /** Port of the metrics that Prometheus reads. */
  metricsPort: number;
  /** What the pods of a network of their own call beside the API server. */
  egress?: Network["egress"];
  containers: k8s.types.input.core.v1.Container[];
  volumes: Volume[];
  dependsOn: pulumi.Resource[];
}

/**
 * Root, as the driver's socket belongs to it: the other containers could not open it otherwise.
 * They have no capabilities, and gain none; only a driver that mounts is privileged.
 */
const rootSecurityContext = { ...podSecurityContext, runAsNonRoot: false, runAsUser: 0 } as const;

/** What a driver that mounts runs with. */
export const mountingSecurityContext = {
  privileged: true,
  allowPrivilegeEscalation: true,
  capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] },
} satisfies k8s.types.input.core.v1.SecurityContext;

/** The Deployment that makes, grows and deletes volumes for the whole cluster, and its budget. */
export function controllerDeployment(
  key: DriverKey,
  pods: DriverPods,
  args: DriverArgs,
  parent: pulumi.Resource,
): k8s.apps.v1.Deployment {
  const { name, selector, labels } = workloadNames(key, "controller");
  const metadata = { namespace: args.namespace, labels };
  disruptionBudget(name, metadata, selector, parent);
  // No policy reaches pods in the network of their node.
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
        // A new pod beside an old one would find that one's ports taken, or no node of its own.
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

/** The DaemonSet that mounts volumes on every node. */
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
        // Mounts outlive the driver's pod, so a tenth of the nodes may be without one for a moment.
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

/** Where a controller runs: on the platform's own node group, or on the control plane's nodes too. */
export function controllerPlacement({
  nodeLabels,
  part,
}: DriverArgs): Pick<PodSpec, "nodeSelector" | "tolerations" | "priorityClassName"> {
  const { nodeSelector, tolerations = [] } = platformPlacement(part.context.placement);
  return {
    nodeSelector: { ...nodeLabels, ...nodeSelector },
    // Kubernetes' own class: without volumes no other part of the platform starts.
    priorityClassName: "system-cluster-critical",
    tolerations: [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      ...tolerations,
    ],
  };
}

/** The folders of a node that the driver there and the kubelet share. */
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
 * A folder of the node.
 * @param type whether it must be there already; the empty one leaves that to the container runtime.
 */
export function hostFolder(
  name: string,
  path: string,
  type: "Directory" | "DirectoryOrCreate" | "" = "Directory",
): Volume {
  return { name, hostPath: { path, type } };
}

/** The kubelet's folder of pods under the same path, so that mounts made there reach the pods. */
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
    annotations: scraped(metricsPort, "/metrics"),
  };
}
