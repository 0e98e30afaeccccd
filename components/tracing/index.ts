import * as pulumi from "@pulumi/pulumi";
import type { TracingConfig } from "../../config";
import { declarePart, type PlatformContext } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { agent } from "./agent";
import { gatewayName, samplingGateway } from "./gateway";
import { tempo } from "./tempo";
import { tempoName, tempoPorts } from "./tempo-config";

/** Arguments of {@link Tracing}. */
export interface TracingArgs extends TracingConfig {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
}

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
    const part = declarePart(tracingNamespace, args, this);
    const host = (service: string) => `${service}.${tracingNamespace}.svc.cluster.local`;
    tempo(part, args.tempo);
    samplingGateway(part, {
      ...args.gateway,
      sampling: args.sampling,
      tempo: `${host(tempoName)}:${tempoPorts.grpc}`,
    });
    agent(part, { gateway: host(gatewayName) });
    closeNamespace(part);
    this.registerOutputs({});
  }
}
