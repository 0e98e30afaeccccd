import { parseStack, type StackConfig } from "../../../config";

/** What a config asks of the worker. */
export interface Asked {
  stable: string;
  canary?: { version: string; weight: number };
  /** Pods of all releases together; the minimum of a worker that KEDA scales. */
  replicas: number;
  /** Most pods of a worker that KEDA scales. Default: the number is fixed. */
  max?: number;
}

/** A stack with the worker `mailer`. */
export function stackOf(
  { stable, canary, replicas, max }: Asked,
  fields: object = {},
): StackConfig {
  const queries = { queue: { query: "sum(queue)", perPod: 10 } };
  const mailer = {
    ...{ team: "commerce", kind: "worker", image: "harbor.platform.test/shop/shop" },
    scaling: max === undefined ? { replicas } : { min: replicas, max, queries },
    stable: { version: stable },
    ...(canary && { canary }),
    ...fields,
  };
  return parseStack("test", {
    environment: "dev",
    domain: "platform.test",
    cluster: { kubeconfig: "none", context: "none" },
    releases: { forcedCanary: false, soak: "0s", checkRequired: false, secondRelease: "supersede" },
    components: { autoscaling: { keda: { installedIn: "keda", prometheus: "http://p.test" } } },
    apps: { mailer },
  });
}
