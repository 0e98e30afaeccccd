import { z } from "zod";
import { crdFile } from "../values";
import { webAddress } from "../web-address";

const replicas = z.int().min(1).max(5).default(1);

/** What answers for metrics.k8s.io: how much CPU and memory pods and machines use. */
const metricsServer = z.strictObject({
  replicas,
  /**
   * Takes every machine's certificate unchecked. Only where the kubelets have certificates that the
   * cluster's authority did not sign, and the network between the machines is trusted.
   */
  kubeletInsecureTls: z.boolean().default(false),
});

/** KEDA, which scales apps by requests per second. */
const keda = z.strictObject({
  /** KEDA's definitions; left out where the cluster already has them. */
  crds: crdFile.optional(),
  /** Pods of each of its three parts. */
  replicas,
  /** Prometheus that counts the apps' requests; the stack's own monitoring without it. */
  prometheus: webAddress("an address such as http://prometheus.monitoring.svc:9090").optional(),
});

/** What apps are scaled by. */
export const autoscaling = z
  .strictObject({
    /** Left out where the cluster brings its own, as k3s, kind and most hosted clusters do. */
    metricsServer: metricsServer.optional(),
    keda: keda.optional(),
  })
  .refine((parts) => parts.metricsServer !== undefined || parts.keda !== undefined, {
    error: "expected metricsServer, keda or both, got neither",
  });

/** @see {@link autoscaling} */
export type AutoscalingConfig = z.infer<typeof autoscaling>;
