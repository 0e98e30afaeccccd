import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "./budget";
import type { Part } from "./context";
import { objectLabels, selectorLabels } from "./labels";
import { workloadPolicy, type Network } from "./network-policy";
import { platformPlacement, priority } from "./placement";
import { podTemplate, type PodArgs } from "./pod-template";
import { spread } from "./pods";
import { service, type ServiceArgs } from "./service";

/** What every kind of workload is declared with. */
export interface WorkloadArgs extends PodArgs {
  /** Name of the workload, its Service, its policy, and the label of its pods. */
  name: string;
  /** Service in front of its pods, under the workload's name. */
  service?: ServiceArgs;
  /** Connections that its pods take and make; `host` for pods in the node's network, which no policy reaches. */
  network: Network | "host";
  /** What must be there before the pods: the ConfigMaps that they mount, Jobs that they wait for. */
  dependsOn?: pulumi.Input<pulumi.Resource>[];
  /** Further options of the workload's resource, for example longer time-outs. */
  options?: Pick<
    pulumi.CustomResourceOptions,
    "aliases" | "customTimeouts" | "deleteBeforeReplace" | "ignoreChanges"
  >;
}

/** Arguments of {@link deployment}. */
export interface DeploymentArgs extends WorkloadArgs {
  replicas: number;
  /**
   * How pods are replaced. `surge` starts a new pod first; `in-place` stops an old one first, for pods
   * that may not share a node; `recreate` stops all first, for a volume that one node has at a time.
   */
  rollout?: "surge" | "in-place" | "recreate";
  /** Whether two pods never share a node (`required`) or only where they can avoid it. */
  spread?: "preferred" | "required";
  /** Further fields of the Deployment. */
  deployment?: Partial<Omit<k8s.types.input.apps.v1.DeploymentSpec, "template" | "selector">>;
}

/** A volume of its own for each pod of a StatefulSet. */
export interface Claim {
  name: string;
  /** Size with its unit, for example `10Gi`. */
  size: string;
  /** StorageClass; the cluster's default without it. */
  storageClass?: string;
}

/** Arguments of {@link statefulSet}. */
export interface StatefulSetArgs extends WorkloadArgs {
  replicas: number;
  /** Headless Service that names the pods. */
  serviceName: pulumi.Input<string>;
  claims: Claim[];
  spread?: "preferred" | "required";
  /** Further fields of the StatefulSet. */
  statefulSet?: Partial<Omit<k8s.types.input.apps.v1.StatefulSetSpec, "template" | "selector">>;
}

/** Arguments of {@link daemonSet}: the pods run on every node, exclusive ones included. */
export interface DaemonSetArgs extends WorkloadArgs {
  /** Further fields of the DaemonSet. */
  daemonSet?: Partial<Omit<k8s.types.input.apps.v1.DaemonSetSpec, "template" | "selector">>;
}

const strategies = {
  surge: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  "in-place": { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  recreate: { type: "Recreate" },
} as const;

/** Declares a Deployment, with the Service, budget and network policy that belong to it. */
export function deployment(part: Part, args: DeploymentArgs): k8s.apps.v1.Deployment {
  const { name, replicas, rollout = "surge" } = args;
  declareSurroundings(part, args);
  declareBudget(part, name, replicas);
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        replicas,
        selector: { matchLabels: selectorLabels(name) },
        strategy: strategies[rollout],
        ...args.deployment,
        template: placedTemplate(part, args),
      },
    },
    optionsOf(part, args),
  );
}

/** Declares a StatefulSet, with the Service, budget and network policy that belong to it. */
export function statefulSet(part: Part, args: StatefulSetArgs): k8s.apps.v1.StatefulSet {
  const { name, replicas, serviceName, claims } = args;
  declareSurroundings(part, args);
  declareBudget(part, name, replicas);
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        replicas,
        serviceName,
        selector: { matchLabels: selectorLabels(name) },
        ...args.statefulSet,
        template: placedTemplate(part, args),
        volumeClaimTemplates: claims.map(claimTemplate),
      },
    },
    optionsOf(part, args),
  );
}

/** Declares a DaemonSet, with the Service and network policy that belong to it. */
export function daemonSet(part: Part, args: DaemonSetArgs): k8s.apps.v1.DaemonSet {
  const { name } = args;
  declareSurroundings(part, args);
  const template = podTemplate(name, part.name, args, part.context);
  const { placement } = part.context;
  return new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        selector: { matchLabels: selectorLabels(name) },
        // One node after the other takes hours where there are 400.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        ...args.daemonSet,
        template: {
          ...template,
          spec: {
            ...priority("platform", placement),
            tolerations: [{ operator: "Exists" }],
            ...template.spec,
          },
        },
      },
    },
    optionsOf(part, args),
  );
}

/** The metadata of an object of a part. */
export function metadataOf(part: Part, name: string) {
  return { name, namespace: part.namespace, labels: objectLabels(name, part.name) };
}

/** The pods of a workload on the platform's nodes, several of them apart from each other. */
function placedTemplate(
  part: Part,
  args: WorkloadArgs & { replicas: number; spread?: "preferred" | "required" },
): k8s.types.input.core.v1.PodTemplateSpec {
  const { metadata, spec } = podTemplate(args.name, part.name, args, part.context);
  const apart = args.replicas > 1 || args.spread !== undefined;
  return {
    metadata,
    spec: {
      ...(apart ? spread(selectorLabels(args.name), args.spread) : {}),
      ...platformPlacement(part.context.placement),
      ...spec,
    },
  };
}

function declareSurroundings(part: Part, args: WorkloadArgs): void {
  const { name, network, metrics, account } = args;
  if (args.service !== undefined) service(part, name, args.service);
  if (network === "host") return;
  const usesApi = account !== undefined;
  workloadPolicy(part, name, network, { metricsPort: metrics?.port, usesApi });
}

function declareBudget(part: Part, name: string, replicas: number): void {
  if (replicas === 1) return;
  const { namespace, labels } = metadataOf(part, name);
  disruptionBudget(name, { namespace, labels }, selectorLabels(name), part.parent);
}

function claimTemplate({ name, size, storageClass }: Claim) {
  return {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  };
}

function optionsOf(part: Part, args: WorkloadArgs): pulumi.CustomResourceOptions {
  return { parent: part.parent, dependsOn: args.dependsOn, ...args.options };
}
