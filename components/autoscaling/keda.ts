import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { customResourceDefinitions } from "../shared/crds";
import type { KedaArgs } from "./keda-args";
import { kedaMetrics } from "./keda-metrics";
import { kedaOperator } from "./keda-operator";
import { kedaWebhooks } from "./keda-webhooks";

/** What an app needs to be scaled by its requests. */
export interface RequestScaling {
  /** Address of the Prometheus that counts them, as the operator reaches it. */
  prometheus: string;
}

/**
 * KEDA: the operator makes an autoscaler of every ScaledObject and asks Prometheus, the metrics
 * server answers that autoscaler, and the webhooks refuse a ScaledObject that cannot work.
 */
export function keda(part: Part, args: KedaArgs): pulumi.Output<RequestScaling> {
  const { crds, replicas } = args;
  const definitions = crds === undefined ? [] : customResourceDefinitions(crds, part.parent);
  const operator = kedaOperator(part, args, definitions);
  kedaMetrics(part, replicas, operator);
  kedaWebhooks(part, replicas, operator);
  return pulumi
    .all(definitions.map(({ id }) => id))
    .apply(() => pulumi.output(args.prometheus))
    .apply((prometheus) => ({ prometheus }));
}
