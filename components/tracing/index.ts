import * as pulumi from "@pulumi/pulumi";
import { declarePart, type PartArgs } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { agent } from "./agent";
import { gatewayName, samplingGateway } from "./gateway";
import { tempo } from "./tempo";
import { tempoName, tempoPorts } from "./tempo-config";

/** Arguments of {@link Tracing}. */
export type TracingArgs = PartArgs<"tracing">;

/** Namespace of the collectors and of Tempo. */
export const tracingNamespace = "tracing";

/** URL of Tempo's API inside the cluster, for Grafana. */
export const tempoUrl = `http://${tempoName}.${tracingNamespace}.svc:${tempoPorts.http}`;

/**
 * Tracing of requests through all apps: an agent on every node receives spans from apps, sampling collectors decide
 * which traces are kept, and Tempo stores them.
 */
export class Tracing extends pulumi.ComponentResource {
  constructor(name: string, args: TracingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:tracing:Tracing", name, {}, opts);
    const { config } = args;
    const part = declarePart(tracingNamespace, args, this);
    const host = (service: string) => `${service}.${tracingNamespace}.svc.cluster.local`;
    tempo(part, config.tempo);
    samplingGateway(part, {
      ...config.gateway,
      sampling: config.sampling,
      tempo: `${host(tempoName)}:${tempoPorts.grpc}`,
    });
    agent(part, { gateway: host(gatewayName) });
    closeNamespace(part);
    this.registerOutputs({});
  }
}
