import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { CrdFile } from "../shared/crds";
import { declarePart, type PlatformContext } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { keda, type RequestScaling } from "./keda";
import { metricsServer } from "./metrics-server";

/** Arguments of {@link Autoscaling}. */
export interface AutoscalingArgs {
  /** Context of the stack: environment, image mirror and placement. */
  context: PlatformContext;
  /** Serves metrics.k8s.io. Omit it if the cluster has its own metrics server. */
  metricsServer?: {
    /** Number of pods. */
    replicas: number;
    /** Whether to skip verification of kubelet certificates that the cluster's CA did not sign. */
    kubeletInsecureTls: boolean;
  };
  /** Serves external.metrics.k8s.io, and scales apps by their requests. Default: not installed. */
  keda?: {
    /** CRDs of KEDA to install. Omit them if the cluster has them already. */
    crds?: CrdFile;
    /** Number of pods of the operator, and of the metrics server. */
    replicas: number;
    /** URL of the Prometheus that counts the apps' requests. Default: the stack's own. */
    prometheus?: string;
  };
  /** URL of the stack's own Prometheus inside the cluster. Default: none. */
  prometheus?: pulumi.Input<string>;
}

/** Autoscaling of apps: by CPU and memory and, with KEDA, by requests. */
export class Autoscaling extends pulumi.ComponentResource {
  /** Settings for scaling an app by its requests; resolves once KEDA's CRDs exist. Undefined without KEDA. */
  readonly requestScaling?: pulumi.Output<RequestScaling>;

  constructor(name: string, args: AutoscalingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:autoscaling:Autoscaling", name, {}, opts);
    const part = declarePart("autoscaling", args, this);
    if (args.metricsServer !== undefined) metricsServer(part, args.metricsServer);
    if (args.keda !== undefined) {
      const prometheus = args.keda.prometheus ?? args.prometheus;
      if (prometheus === undefined) {
        throw new ProgramError(
          "KEDA needs a Prometheus that counts requests, and there is none; set keda.prometheus, or declare the monitoring.",
        );
      }
      this.requestScaling = keda(part, {
        ...args.keda,
        prometheus,
        external: args.keda.prometheus,
      });
    }
    closeNamespace(part);
    this.registerOutputs({ requestScaling: this.requestScaling });
  }
}
