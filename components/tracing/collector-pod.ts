import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { immutableConfigMap } from "../shared/config-map";
import type { Part } from "../shared/context";
import type { PartContainer, PodArgs } from "../shared/pod-template";
import { collectorPorts, type CollectorConfig } from "./collector-config";
import { goMemoryLimit } from "./sizing";

/** Arguments of {@link collectorPod}. */
export interface CollectorPodArgs {
  /** Configuration of the collector. */
  config: CollectorConfig;
  /** Protocols of the ports that receive traces. */
  receives: ("grpc" | "http")[];
  /** Requested cores, and their limit. */
  cpu: { request: string; limit: string };
  /** Memory request and limit, Mi. */
  memory: number;
  /** Environment variables of the container. Default: none. */
  env?: k8s.types.input.core.v1.EnvVar[];
}

const folder = "/etc/otelcol";
const file = "config.yaml";

/** User ID of the image. */
const collectorUser = 10_001;

/** Serializes a configuration as the mounted file. */
export function yaml(config: object): string {
  return stringify(config, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Returns the pod of a collector. Its configuration is an immutable ConfigMap, so a change restarts the pods. */
export function collectorPod(
  part: Part,
  name: string,
  args: CollectorPodArgs,
): PodArgs & { dependsOn: pulumi.Resource[] } {
  const data = { [file]: yaml(args.config) };
  const made = immutableConfigMap(part, name, { data });
  return {
    dependsOn: [made.configMap],
    user: collectorUser,
    containers: [container(name, args)],
    volumes: [{ name: "config", configMap: { name: made.name } }],
    metrics: { port: collectorPorts.metrics, path: "/metrics" },
  };
}

function container(
  name: string,
  { receives, cpu, memory, env = [] }: CollectorPodArgs,
): PartContainer {
  const probe = { httpGet: { path: "/", port: collectorPorts.health } };
  return {
    name,
    image: "otelCollector",
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
    volumeMounts: [{ name: "config", mountPath: folder, readOnly: true }],
  };
}
