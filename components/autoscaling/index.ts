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
    /** Namespace in which the cluster already runs KEDA. Default: it is installed. */
    installedIn?: string;
    /** CRDs of KEDA to install. Omit them if the cluster has them already. */
    crds?: CrdFile;
    /** Number of pods of the operator, and of the metrics server. */
    replicas: number;
    /** URL of the Prometheus that counts the apps' requests. Default: the stack's own. */
    prometheus?: string;
  };
  /** URL of the stack's own Prometheus inside the cluster. Default: none. */
  prometheus?: string;
}

/** Autoscaling of apps: by CPU and memory and, with KEDA, by requests. */
export class Autoscaling extends pulumi.ComponentResource {
  /**
   * Settings for scaling an app by its requests. Resolves once KEDA's CRDs exist, if they are installed here. Undefined
   * without KEDA.
   */
  readonly requestScaling?: pulumi.Output<RequestScaling>;

  constructor(name: string, args: AutoscalingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:autoscaling:Autoscaling", name, {}, opts);
    const { keda: settings } = args;
    const installed = settings?.installedIn === undefined ? settings : undefined;
    if (settings !== undefined && installed === undefined) {
      this.requestScaling = pulumi.output({ prometheus: prometheusOf(args) });
    }
    if (args.metricsServer !== undefined || installed !== undefined) {
      const part = declarePart("autoscaling", args, this);
      if (args.metricsServer !== undefined) metricsServer(part, args.metricsServer);
      if (installed !== undefined) {
        const { prometheus: external } = installed;
        this.requestScaling = keda(part, {
          ...installed,
          prometheus: prometheusOf(args),
          external,
        });
      }
      closeNamespace(part);
    }
    this.registerOutputs({ requestScaling: this.requestScaling });
  }
}

function prometheusOf({ keda: settings, prometheus }: AutoscalingArgs): string {
  const found = settings?.prometheus ?? prometheus;
  if (found !== undefined) return found;
  throw new ProgramError(
    "platform:components.autoscaling.keda.prometheus: expected the URL of a Prometheus that counts requests, got none; set it, or declare the monitoring.",
  );
}
