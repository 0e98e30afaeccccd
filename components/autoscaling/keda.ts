import * as pulumi from "@pulumi/pulumi";
import { customResourceDefinitions, type CrdFile } from "../shared/crds";
import { kedaMetrics } from "./keda-metrics";
import { kedaOperator } from "./keda-operator";
import { kedaWebhooks } from "./keda-webhooks";
import type { Common } from "./workload";

/** Arguments of {@link keda}. */
export interface KedaArgs extends Common {
  crds?: CrdFile;
  replicas: number;
  prometheus: pulumi.Input<string>;
}

/** What an app needs to be scaled by its requests. */
export interface RequestScaling {
  /** Address of the Prometheus that counts them, as the operator reaches it. */
  prometheus: string;
}

/**
 * KEDA: the operator makes an autoscaler of every ScaledObject and asks Prometheus, the metrics
 * server answers that autoscaler, and the webhooks refuse a ScaledObject that cannot work.
 */
export function keda(args: KedaArgs, parent: pulumi.Resource): pulumi.Output<RequestScaling> {
  const definitions = args.crds === undefined ? [] : customResourceDefinitions(args.crds, parent);
  const operator = kedaOperator(args, definitions, parent);
  kedaMetrics(args, operator, parent);
  kedaWebhooks(args, operator, parent);
  return pulumi
    .all(definitions.map(({ id }) => id))
    .apply(() => pulumi.output(args.prometheus))
    .apply((prometheus) => ({ prometheus }));
}
