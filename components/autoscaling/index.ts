import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import type { CrdFile } from "../shared/crds";
import { declarePart, type PlatformContext } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { keda, type RequestScaling } from "./keda";
import { metricsServer } from "./metrics-server";

/** Arguments of {@link Autoscaling}. */
export interface AutoscalingArgs {
  context: PlatformContext;
  /** What answers for metrics.k8s.io; left out where the cluster brings its own. */
  metricsServer?: {
    /** Pods. */
    replicas: number;
    /** Whether machines' certificates are taken unchecked, where the cluster's authority did not sign them. */
    kubeletInsecureTls: boolean;
  };
  /** What answers for external.metrics.k8s.io, and scales apps by their requests. */
  keda?: {
    /** KEDA's definitions to install; left out where the cluster has them. */
    crds?: CrdFile;
    /** Pods of the operator and of the metrics server, each. */
    replicas: number;
    /** Prometheus that counts the apps' requests; the stack's own without it. */
    prometheus?: string;
  };
  /** The stack's own Prometheus, as the operator reaches it. */
  prometheus?: pulumi.Input<string>;
}

/** What apps are scaled by: their use of CPU and memory, and, through KEDA, their requests. */
export class Autoscaling extends pulumi.ComponentResource {
  /** What an app needs to be scaled by its requests, once KEDA's definitions are in place; nothing without KEDA. */
  readonly requestScaling?: pulumi.Output<RequestScaling>;

  constructor(name: string, args: AutoscalingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:autoscaling:Autoscaling", name, {}, opts);
    const part = declarePart("autoscaling", args, this);
    if (args.metricsServer !== undefined) metricsServer(part, args.metricsServer);
    if (args.keda !== undefined) {
      const prometheus = args.keda.prometheus ?? args.prometheus;
      if (prometheus === undefined) {
        throw new ProgramError(
          "KEDA is to count requests, and there is no Prometheus to ask; name one, or declare the monitoring.",
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
