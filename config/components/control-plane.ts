import { z } from "zod";
import { goodPort, hasGoodPort } from "../image-names";
import { host, labels, name, port } from "../values";

/** A host name or address with a port, for example `10.0.0.1:2379`. */
const hostAndPort = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:]+\]):[1-9][0-9]{0,4}$/,
    "a host or an address with a port, for example 10.0.0.1:2379",
  )
  .refine(hasGoodPort, goodPort);

interface Defaults {
  scheme: "http" | "https";
  skipVerify?: boolean;
  credentials: "serviceAccount" | "none";
}

/** How a part of the control plane is scraped, wherever it is found. */
function endpoint(defaults: Defaults) {
  return {
    /** Managed clusters keep some parts to themselves. */
    enabled: z.boolean().default(true),
    /** Where it answers, for parts that do not run as pods of the cluster; found in the cluster without them. */
    addresses: z.array(hostAndPort).min(1).optional(),
    scheme: z.enum(["http", "https"]).default(defaults.scheme),
    tls: z
      .strictObject({
        /** Whether any certificate is accepted. */
        skipVerify: z.boolean().default(defaults.skipVerify ?? false),
        /** Name that the certificate must carry, where it is not the address. */
        serverName: host.optional(),
        /** Secret of namespace `monitoring` with `ca.crt`, `tls.crt` and `tls.key`; the cluster's own CA and no client certificate without it. */
        secret: name.optional(),
      })
      .prefault({}),
    /** How Prometheus says who it is: by its service account's token, or not (a client certificate may do). */
    credentials: z.enum(["serviceAccount", "none"]).default(defaults.credentials),
  };
}

/** A part that runs as a pod of namespace `kube-system`. */
function podEndpoint(defaults: Defaults & { port: number; podLabels: Record<string, string> }) {
  return z
    .strictObject({
      ...endpoint(defaults),
      port: port.default(defaults.port),
      /** Labels of its pods in `kube-system`. */
      podLabels: labels.default(defaults.podLabels),
    })
    .prefault({});
}

/**
 * Where the parts of the control plane answer. The defaults are those of a kubeadm cluster whose
 * parts listen on their machine's address for metrics; kubeadm's own is 127.0.0.1, see docs/metrics.md.
 */
export const controlPlane = z.strictObject({
  apiserver: z
    .strictObject(endpoint({ scheme: "https", credentials: "serviceAccount" }))
    .prefault({}),
  etcd: podEndpoint({
    // Its port for metrics alone (--listen-metrics-urls); 2379 wants a client certificate.
    port: 2381,
    scheme: "http",
    credentials: "none",
    podLabels: { component: "etcd" },
  }),
  controllerManager: podEndpoint({
    port: 10_257,
    scheme: "https",
    // It makes itself a certificate at every start; nothing can be verified against that.
    skipVerify: true,
    credentials: "serviceAccount",
    podLabels: { component: "kube-controller-manager" },
  }),
  scheduler: podEndpoint({
    port: 10_259,
    scheme: "https",
    skipVerify: true,
    credentials: "serviceAccount",
    podLabels: { component: "kube-scheduler" },
  }),
  kubeProxy: podEndpoint({
    port: 10_249,
    scheme: "http",
    credentials: "none",
    podLabels: { "k8s-app": "kube-proxy" },
  }),
  /** The cluster's DNS. */
  coredns: podEndpoint({
    port: 9153,
    scheme: "http",
    credentials: "none",
    podLabels: { "k8s-app": "kube-dns" },
  }),
  /** The kubelets, and the container metrics (cAdvisor) that they serve as well. */
  kubelet: z
    .strictObject(
      // Kubelets sign their own certificates unless serverTLSBootstrap is on; false with it.
      endpoint({ scheme: "https", skipVerify: true, credentials: "serviceAccount" }),
    )
    .prefault({}),
});

/** @see {@link controlPlane} */
export type ControlPlaneConfig = z.infer<typeof controlPlane>;
/** A part of the control plane, wherever it runs. */
export type EndpointConfig = ControlPlaneConfig["apiserver"];
/** A part of the control plane that runs as pods of `kube-system`. */
export type PodEndpointConfig = ControlPlaneConfig["etcd"];
