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
  /** The pod's only container. */
  container: Omit<PartContainer, "name">;
  /** Port of the metrics, if Prometheus can read them without authentication. Default: no scrape. */
  metricsPort?: number;
}

/** Declares a Deployment with one container, spread across nodes. */
export function workload(part: Part, name: string, args: WorkloadArgs): k8s.apps.v1.Deployment {
  const { container, metricsPort, replicas, ...rest } = args;
  return deployment(part, {
    ...rest,
    name,
    replicas,
    // Several replicas may not share a node, and there may be no free node, so old pods stop first.
    rollout: replicas > 1 ? "in-place" : "surge",
    spread: replicas > 1 ? "required" : "preferred",
    containers: [{ name, ...container }],
    ...(metricsPort === undefined ? {} : { metrics: { port: metricsPort, path: "/metrics" } }),
  });
}

/** Declares the Service through which the API server calls an API extension, over HTTPS. */
export function extensionService(part: Part, name: string): pulumi.Output<string> {
  return service(part, name, {
    ports: { https: { port: 443, targetPort: "https", appProtocol: "https" } },
  });
}
