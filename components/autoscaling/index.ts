import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../config";
import { declarePart, type PartArgs } from "../shared/context";
import { closeNamespace } from "../shared/network-policy";
import { keda, type RequestScaling } from "./keda";
import { metricsServer } from "./metrics-server";

/** Arguments of {@link Autoscaling}. */
export interface AutoscalingArgs extends PartArgs<"autoscaling"> {
  /** URL of the stack's own Prometheus inside the cluster. Default: none. */
  prometheus?: string;
}

/** Autoscaling of apps: by CPU and memory and, with KEDA, by requests. */
export class Autoscaling extends pulumi.ComponentResource {
  /**
   * Settings for scaling an app by its requests. If KEDA is installed here, an output that resolves once its CRDs and its
   * operator exist. Undefined without KEDA.
   */
  readonly requestScaling?: RequestScaling | pulumi.Output<RequestScaling>;

  constructor(name: string, args: AutoscalingArgs, opts: pulumi.ComponentResourceOptions) {
    super("platform:autoscaling:Autoscaling", name, {}, opts);
    const { keda: settings, metricsServer: metrics } = args.config;
    const installed = settings?.installedIn === undefined ? settings : undefined;
    if (settings !== undefined && installed === undefined) {
      this.requestScaling = { prometheus: prometheusOf(args) };
    }
    if (metrics !== undefined || installed !== undefined) {
      const part = declarePart("autoscaling", args, this);
      if (metrics !== undefined) metricsServer(part, metrics);
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

function prometheusOf({ config: { keda: settings }, prometheus }: AutoscalingArgs): string {
  const found = settings?.prometheus ?? prometheus;
  if (found !== undefined) return found;
  throw new ProgramError(
    "platform:components.autoscaling.keda.prometheus: expected the URL of a Prometheus that counts requests, got none; set it, or declare the monitoring.",
  );
}
