import { z } from "zod";
import { monitoringPrometheus } from "../prometheus-server";
import { crdFile, name } from "../values";
import { webAddress } from "../web-address";

/** Number of pods. */
const replicas = z.int().min(1).max(5).default(1);

/** The component that serves metrics.k8s.io: CPU and memory usage of pods and nodes. */
const metricsServer = z.strictObject({
  replicas,
  /**
   * Whether the kubelets' certificates are accepted without verification. Only set it if the cluster's
   * authority did not sign the kubelets' certificates and the network between the nodes is trusted.
   */
  kubeletInsecureTls: z.boolean().default(false),
});

/** KEDA, which scales apps by requests per second. */
const keda = z.strictObject({
  /**
   * Namespace in which the cluster already runs KEDA, such as `kube-system` with the add-on of AKS. This stack
   * then declares only the apps' ScaledObjects. Default: this stack installs KEDA.
   */
  installedIn: name.optional(),
  /** KEDA's custom resource definitions. Omit them if the cluster already has them. */
  crds: crdFile.optional(),
  /** Pods of each of its three components. */
  replicas,
  /** Prometheus that counts the apps' requests. Default: the stack's own monitoring. */
  prometheus: webAddress(`an address such as ${monitoringPrometheus}`).optional(),
});

/** The metrics that apps can be scaled by. */
export const autoscaling = z
  .strictObject({
    /**
     * The component that serves metrics.k8s.io: CPU and memory usage of pods and nodes. Omit it if the cluster
     * includes it, as k3s, kind and most managed clusters do.
     */
    metricsServer: metricsServer.optional(),
    /**
     * KEDA, which scales apps by requests per second, by PromQL queries and by times. Without it, apps are scaled
     * by CPU and memory only.
     */
    keda: keda.optional(),
  })
  .refine((parts) => parts.metricsServer !== undefined || parts.keda !== undefined, {
    error: "expected metricsServer, keda or both, got neither",
  });
