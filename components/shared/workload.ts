import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget, type BudgetArgs } from "./budget";
import type { Part } from "./context";
import { objectLabels, selectorLabels } from "./labels";
import { workloadPolicy, type Network } from "./network-policy";
import { platformPlacement, priority } from "./placement";
import { podTemplate, usesApi, type PodArgs } from "./pod-template";
import { spread } from "./pods";
import { service, type ServiceArgs } from "./service";

/** Arguments common to all kinds of workloads. */
export interface WorkloadArgs extends PodArgs {
  /** Name of the workload, its Service, its network policy, and the label of its pods. */
  name: string;
  /** Service for its pods, by default with the workload's name. Default: none. */
  service?: ServiceArgs;
  /** Connections that its pods accept and open; `host` for pods in the node's network, to which no policy applies. */
  network: Network | "host";
  /** Resources that must exist before the pods: ConfigMaps that they mount, Jobs that they wait for. Default: none. */
  dependsOn?: pulumi.Input<pulumi.Resource>[];
  /** Additional options of the workload's resource, for example longer timeouts. Default: none. */
  options?: Pick<
    pulumi.CustomResourceOptions,
    "aliases" | "customTimeouts" | "deleteBeforeReplace" | "ignoreChanges"
  >;
}

/** Arguments of {@link deployment}. */
export interface DeploymentArgs extends WorkloadArgs {
  /** Number of pods. */
  replicas: number;
  /**
   * How pods are replaced. `surge` starts a new pod first. `in-place` stops an old one first, for pods that cannot
   * share a node. `recreate` stops all first, for a volume that attaches to one node at a time. Default: `surge`.
   */
  rollout?: "surge" | "in-place" | "recreate";
  /**
   * Whether two pods never share a node (`required`), or only if it cannot be avoided. Default: `preferred` with more
   * than one pod.
   */
  spread?: "preferred" | "required";
  /** Additional fields of the Deployment. Default: none. */
  deployment?: Partial<Omit<k8s.types.input.apps.v1.DeploymentSpec, "template" | "selector">>;
}

/** A volume for each pod of a StatefulSet. */
export interface Claim {
  name: string;
  /** Size with a unit, for example `10Gi`. */
  size: string;
  /** StorageClass. Default: the cluster's default class. */
  storageClass?: string;
}

/** Arguments of {@link statefulSet}. */
export interface StatefulSetArgs extends WorkloadArgs, Pick<BudgetArgs, "replicatesData"> {
  /** Number of pods. */
  replicas: number;
  /** Headless Service that gives the pods their DNS names. */
  serviceName: pulumi.Input<string>;
  /** Volumes of each pod. */
  claims: Claim[];
  /**
   * Whether two pods never share a node (`required`), or only if it cannot be avoided. Default: `preferred` with more
   * than one pod.
   */
  spread?: "preferred" | "required";
  /** Additional fields of the StatefulSet. Default: none. */
  statefulSet?: Partial<Omit<k8s.types.input.apps.v1.StatefulSetSpec, "template" | "selector">>;
}

const strategies = {
  surge: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
  "in-place": { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  recreate: { type: "Recreate" },
} as const;

/** Declares a Deployment with its Service, disruption budget and network policy. */
export function deployment(part: Part, args: DeploymentArgs): k8s.apps.v1.Deployment {
  const { name, replicas, rollout = "surge" } = args;
  declareServiceAndPolicy(part, args);
  declareBudget(part, name, { replicas });
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        replicas,
        selector: { matchLabels: selectorLabels(name) },
        strategy: strategies[rollout],
        ...args.deployment,
        template: podTemplateOf(part, args),
      },
    },
    optionsOf(part, args),
  );
}

/** Declares a StatefulSet with its Service, disruption budget and network policy. */
export function statefulSet(part: Part, args: StatefulSetArgs): k8s.apps.v1.StatefulSet {
  const { name, replicas, serviceName, claims } = args;
  declareServiceAndPolicy(part, args);
  declareBudget(part, name, args);
  return new k8s.apps.v1.StatefulSet(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        replicas,
        serviceName,
        selector: { matchLabels: selectorLabels(name) },
        ...args.statefulSet,
        template: podTemplateOf(part, args),
        volumeClaimTemplates: claims.map(claimTemplate),
      },
    },
    optionsOf(part, args),
  );
}

/** Declares a DaemonSet with its Service and network policy. Its pods run on every node, exclusive ones included. */
export function daemonSet(part: Part, args: WorkloadArgs): k8s.apps.v1.DaemonSet {
  const { name } = args;
  declareServiceAndPolicy(part, args);
  const template = podTemplate(name, part.name, args, part.context);
  const { placement } = part.context;
  return new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: metadataOf(part, name),
      spec: {
        selector: { matchLabels: selectorLabels(name) },
        // One node after the other would take hours for 400 nodes.
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
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

/** Returns the metadata of an object of a part. */
export function metadataOf(part: Part, name: string) {
  return { name, namespace: part.namespace, labels: objectLabels(name, part.name) };
}

/** Returns the pod template of a workload: on the platform's nodes, and spread if there are several. */
function podTemplateOf(
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

function declareServiceAndPolicy(part: Part, args: WorkloadArgs): void {
  const { name, network, metrics } = args;
  if (args.service !== undefined) service(part, name, args.service);
  if (network === "host") return;
  workloadPolicy(part, name, network, { metricsPort: metrics?.port, usesApi: usesApi(args) });
}

function declareBudget(
  part: Part,
  name: string,
  { replicas, replicatesData }: Pick<StatefulSetArgs, "replicas" | "replicatesData">,
): void {
  if (replicas === 1) return;
  const { namespace, labels } = metadataOf(part, name);
  const matchLabels = selectorLabels(name);
  disruptionBudget(name, { namespace, labels, matchLabels, replicatesData }, part.parent);
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
