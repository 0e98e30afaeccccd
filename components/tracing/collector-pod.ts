import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import { imageReference, images } from "../shared/images";
import { objectLabels } from "../shared/labels";
import type { PlacementRules } from "../shared/placement";
import { containerSecurityContext, runsAs } from "../shared/pods";
import { collectorPorts, type CollectorConfig } from "./collector-config";
import { goMemoryLimit } from "./sizing";

/** What every workload of this part is given. */
export interface Common {
  namespace: pulumi.Input<string>;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Arguments of {@link collectorPod}. */
export interface CollectorPodArgs extends Common {
  config: CollectorConfig;
  /** Ports that take traces in. */
  receives: ("grpc" | "http")[];
  /** Cores that are requested, and how many may be used. */
  cpu: { request: string; limit: string };
  /** MiB. */
  memory: number;
  env?: k8s.types.input.core.v1.EnvVar[];
}

const folder = "/etc/otelcol";
const file = "config.yaml";

/** The user that the image is made for. */
const collectorUser = 10_001;

/** Labels of a part's objects. */
export function labelsOf(name: string): Record<string, string> {
  return objectLabels(name, "tracing");
}

/** A configuration as the file that is mounted. */
export function yaml(config: object): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** A collector's pod, with its configuration as a ConfigMap: a change of it starts new pods. */
export function collectorPod(
  name: string,
  args: CollectorPodArgs,
  parent: pulumi.Resource,
): k8s.types.input.core.v1.PodSpec & { objects: pulumi.Resource[] } {
  const { namespace, config } = args;
  const made = immutableConfigMap(
    name,
    { namespace, labels: labelsOf(name), data: { [file]: yaml(config) } },
    parent,
  );
  return {
    objects: [made.configMap],
    enableServiceLinks: false,
    securityContext: runsAs(collectorUser),
    containers: [container(name, args)],
    volumes: [{ name: "config", configMap: { name: made.name } }],
  };
}

function container(
  name: string,
  { receives, cpu, memory, env = [], imageMirror }: CollectorPodArgs,
): k8s.types.input.core.v1.Container {
  const probe = { httpGet: { path: "/", port: collectorPorts.health } };
  return {
    name,
    image: imageReference(images.otelCollector, imageMirror),
    args: [`--config=${folder}/${file}`],
    env: [{ name: "GOMEMLIMIT", value: goMemoryLimit(memory) }, ...env],
    ports: [
      ...receives.map((port) => ({ name: port, containerPort: collectorPorts[port] })),
      { name: "metrics", containerPort: collectorPorts.metrics },
    ],
    livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 3 },
    resources: {
      requests: { cpu: cpu.request, memory: `${memory}Mi` },
      limits: { cpu: cpu.limit, memory: `${memory}Mi` },
    },
    securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: "config", mountPath: folder, readOnly: true }],
  };
}
