import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import type { PartContainer } from "../shared/pod-template";
import { service } from "../shared/service";
import { deployment, type DeploymentArgs } from "../shared/workload";

/** Arguments of {@link workload}. */
export interface WorkloadArgs extends Pick<
  DeploymentArgs,
  "account" | "dependsOn" | "network" | "replicas" | "service" | "user" | "volumes"
> {
  /** Its one container. */
  container: Omit<PartContainer, "name">;
  /** Port of the metrics, where Prometheus may read them without an account. */
  metricsPort?: number;
}

/** A Deployment with one container, spread over machines. */
export function workload(part: Part, name: string, args: WorkloadArgs): k8s.apps.v1.Deployment {
  const { container, metricsPort, replicas, ...rest } = args;
  return deployment(part, {
    ...rest,
    name,
    replicas,
    // Old pods go first where several may not share a machine: there may be no free one.
    rollout: replicas > 1 ? "in-place" : "surge",
    spread: replicas > 1 ? "required" : "preferred",
    containers: [{ name, ...container }],
    ...(metricsPort === undefined ? {} : { metrics: { port: metricsPort, path: "/metrics" } }),
  });
}

/** The Service on which the API server asks a part that extends it, over HTTPS. */
export function extensionService(part: Part, name: string): pulumi.Output<string> {
  return service(part, name, {
    ports: { https: { port: 443, targetPort: "https", appProtocol: "https" } },
  });
}
