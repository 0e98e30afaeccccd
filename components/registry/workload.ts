import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { disruptionBudget } from "../shared/budget";
import { objectLabels, selectorLabels } from "../shared/labels";
import { platformPlacement, type PlacementRules } from "../shared/placement";
import {
  containerSecurityContext,
  ownsLargeVolumes,
  scraped,
  spread,
  withoutApiAccess,
} from "../shared/pods";
import { declareService } from "../shared/service";
import { metricsPath, ports } from "./config-files";

/** Facts that every part of Harbor needs. */
export interface HarborContext {
  namespace: pulumi.Output<string>;
  /** Pods of each part that keeps nothing itself. */
  replicas: number;
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
  parent: pulumi.Resource;
}

/** A container without what is the same for all. */
export type PartContainer = Pick<
  k8s.types.input.core.v1.Container,
  | "name"
  | "image"
  | "command"
  | "env"
  | "ports"
  | "resources"
  | "startupProbe"
  | "livenessProbe"
  | "readinessProbe"
  | "volumeMounts"
> & { readOnly?: boolean };

/** One part of Harbor. */
export interface Part {
  name: string;
  /** User and group of its processes, 10000 in most of Harbor's images. */
  user?: number;
  containers: PartContainer[];
  initContainers?: PartContainer[];
  volumes: k8s.types.input.core.v1.Volume[];
  /** Ports of its Service, by name: port and the container's port. */
  servicePorts: Record<string, [port: number, target: number]>;
  /** Whether its container tells metrics. */
  metrics?: boolean;
  podAnnotations?: Record<string, pulumi.Input<string>>;
  dependsOn?: pulumi.Resource[];
}

/** A Deployment for a part whose pods keep nothing, or share what they keep. */
export function deployment(
  part: Part,
  {
    replicas,
    singleWriter = false,
  }: {
    replicas: number;
    /** Whether its volume has one machine at a time: an old pod must then go before a new one comes. */
    singleWriter?: boolean;
  },
  context: HarborContext,
): k8s.apps.v1.Deployment {
  const { metadata, selector } = namesOf(part, context);
  service(part, context);
  budget(part, replicas, context);
  return new k8s.apps.v1.Deployment(
    part.name,
    {
      metadata,
      spec: {
        replicas,
        revisionHistoryLimit: 3,
        selector: { matchLabels: selector },
        strategy: singleWriter
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: podTemplate(part, selector, replicas, context),
      },
    },
    { parent: context.parent, dependsOn: part.dependsOn },
  );
}

/** A StatefulSet for a part each of whose pods has a volume of its own. */
export function statefulSet(
  part: Part,
  {
    replicas,
    volume,
  }: { replicas: number; volume: { name: string; size: string; class?: string } },
  context: HarborContext,
): k8s.apps.v1.StatefulSet {
  const { metadata, selector } = namesOf(part, context);
  service(part, context);
  budget(part, replicas, context);
  return new k8s.apps.v1.StatefulSet(
    part.name,
    {
      metadata,
      spec: {
        replicas,
        serviceName: part.name,
        selector: { matchLabels: selector },
        template: podTemplate(part, selector, replicas, context),
        volumeClaimTemplates: [
          {
            metadata: { name: volume.name },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: volume.class,
              resources: { requests: { storage: volume.size } },
            },
          },
        ],
      },
    },
    { parent: context.parent, dependsOn: part.dependsOn },
  );
}

function namesOf({ name }: Part, { namespace }: HarborContext) {
  return {
    metadata: { name, namespace, labels: objectLabels(name, "registry") },
    selector: selectorLabels(name),
  };
}

function service(part: Part, context: HarborContext): void {
  const { metadata, selector } = namesOf(part, context);
  declareService(
    part.name,
    {
      metadata,
      spec: {
        selector,
        ports: Object.entries(part.servicePorts).map(([name, [port, targetPort]]) => ({
          name,
          port,
          targetPort,
        })),
      },
    },
    { parent: context.parent },
  );
}

function budget(part: Part, replicas: number, context: HarborContext): void {
  if (replicas === 1) return;
  const { metadata, selector } = namesOf(part, context);
  disruptionBudget(part.name, metadata, selector, context.parent);
}

function podTemplate(
  part: Part,
  selector: Record<string, string>,
  replicas: number,
  { placement }: HarborContext,
): k8s.types.input.core.v1.PodTemplateSpec {
  const { user = 10_000 } = part;
  return {
    metadata: {
      labels: { ...objectLabels(part.name, "registry"), ...selector },
      annotations: {
        ...(part.metrics ? scraped(ports.metrics, metricsPath) : {}),
        ...part.podAnnotations,
      },
    },
    spec: {
      ...withoutApiAccess,
      securityContext: ownsLargeVolumes(user),
      // An upload that is under way may end.
      terminationGracePeriodSeconds: 120,
      ...(replicas > 1 ? spread(selector) : {}),
      ...platformPlacement(placement),
      initContainers: part.initContainers?.map(withDefaults),
      containers: part.containers.map(withDefaults),
      volumes: part.volumes,
    },
  };
}

function withDefaults({
  readOnly = false,
  ...container
}: PartContainer): k8s.types.input.core.v1.Container {
  return {
    ...container,
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: readOnly },
  };
}
