import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../shared/context";
import { customResourceDefinitions } from "../shared/crds";
import type { KedaArgs } from "./keda-args";
import { kedaMetrics } from "./keda-metrics";
import { kedaOperator } from "./keda-operator";
import { kedaWebhooks } from "./keda-webhooks";

/** Settings for scaling an app by its requests. */
export interface RequestScaling {
  /** URL of the Prometheus that counts the requests, as the operator reaches it. */
  prometheus: string;
}

/**
 * Declares KEDA: the operator creates an autoscaler for every ScaledObject and queries Prometheus, the metrics server
 * serves the results to that autoscaler, and the webhooks reject invalid ScaledObjects.
 */
export function keda(part: Part, args: KedaArgs): pulumi.Output<RequestScaling> {
  const { crds, replicas } = args;
  const definitions = crds === undefined ? [] : customResourceDefinitions(crds, part.parent);
  const operator = kedaOperator(part, args, definitions);
  kedaMetrics(part, replicas, operator);
  kedaWebhooks(part, replicas, operator);
  // The operator removes the finalizer of a ScaledObject on deletion, so the operator must outlive all ScaledObjects. Its
  // rights outlive its pods.
  const before = [...definitions, operator];
  return pulumi.all(before.map(({ id }) => id)).apply(() => ({ prometheus: args.prometheus }));
}
