import * as pulumi from "@pulumi/pulumi";
import type { TracingConfig } from "../../config";
import { platformNamespace } from "../shared/namespace";
import type { PlacementRules } from "../shared/placement";
import { agent } from "./agent";
import { gatewayName, samplingGateway } from "./gateway";
import { tempo, tempoName } from "./tempo";
import { tempoPorts } from "./tempo-config";

/** Arguments of {@link Tracing}. */
export interface TracingArgs extends TracingConfig {
  environment: string;
  /** Prefix of an internal image mirror. */
  imageMirror?: string;
  /** Where the pods run, and how urgent they are. */
  placement?: PlacementRules;
}

/** Namespace of the collectors and of Tempo. */
export const tracingNamespace = "tracing";

/** Address of Tempo's API within the cluster, for Grafana. */
export const tempoUrl = `http://${tempoName}.${tracingNamespace}.svc:${tempoPorts.http}`;

/**
 * What happened to a request through all apps: an agent on every machine takes spans from apps,
 * the collectors behind them decide which traces are kept, and Tempo keeps them.
 */
export class Tracing extends pulumi.ComponentResource {
  constructor(name: string, args: TracingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:tracing:Tracing", name, {}, opts);
    const { environment, imageMirror, placement, sampling } = args;
    const namespace = platformNamespace(tracingNamespace, this, environment);
    const common = { namespace, imageMirror, placement };
    const host = (service: string) => `${service}.${tracingNamespace}.svc.cluster.local`;
    tempo({ ...common, ...args.tempo }, this);
    samplingGateway(
      {
        ...common,
        ...args.gateway,
        sampling,
        tempo: `${host(tempoName)}:${tempoPorts.grpc}`,
      },
      this,
    );
    agent({ ...common, gateway: host(gatewayName) }, this);
    this.registerOutputs({});
  }
}
