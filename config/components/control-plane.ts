import { z } from "zod";
import { validPort, hasValidPort } from "../image-names";
import { host, labels, name, port } from "../values";

/** A host name or address with a port, for example `10.0.0.1:2379`. */
const hostAndPort = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:]+\]):[1-9][0-9]{0,4}$/,
    "a host or an address with a port, for example 10.0.0.1:2379",
  )
  .refine(hasValidPort, validPort);

interface Defaults {
  scheme: "http" | "https";
  skipVerify?: boolean;
  credentials: "serviceAccount" | "none";
}

/** Returns the schema for scraping a part of the control plane, wherever it runs. */
function endpoint(defaults: Defaults) {
  return {
    /** Whether it is scraped. Managed clusters do not expose some parts. */
    enabled: z.boolean().default(true),
    /**
     * Addresses, for parts that do not run as pods of the cluster. Default: its pods, found in the cluster.
     * @example ["10.20.0.21:10257"]
     */
    addresses: z.array(hostAndPort).min(1).optional(),
    /** Whether the metrics are served over HTTP or HTTPS. */
    scheme: z.enum(["http", "https"]).default(defaults.scheme),
    /** How the part's certificate is checked, and which one Prometheus presents. HTTPS only. */
    tls: z
      .strictObject({
        /** Whether any certificate is accepted. */
        skipVerify: z.boolean().default(defaults.skipVerify ?? false),
        /**
         * Name in the certificate, if it differs from the address. Default: the address.
         * @example control-plane.example.com
         */
        serverName: host.optional(),
        /**
         * Secret in namespace `monitoring` with the keys `ca.crt`, `tls.crt` and `tls.key`. Default: the cluster's
         * CA, and no client certificate.
         * @example control-plane-client
         */
        secret: name.optional(),
      })
      .prefault({}),
    /**
     * How Prometheus authenticates: with the token of its service account, or not at all (a client certificate
     * may suffice).
     */
    credentials: z.enum(["serviceAccount", "none"]).default(defaults.credentials),
  };
}

/** Returns the schema for a part that runs as pods in namespace `kube-system`. */
function podEndpoint(defaults: Defaults & { port: number; podLabels: Record<string, string> }) {
  return z
    .strictObject({
      ...endpoint(defaults),
      /**
       * Port of the pods that serves metrics.
       * @example 10300
       */
      port: port.default(defaults.port),
      /**
       * Labels of its pods in `kube-system`.
       * @example { app: control-plane }
       */
      podLabels: labels.default(defaults.podLabels),
    })
    .prefault({});
}

/**
 * How the parts of the control plane are scraped. The defaults fit a kubeadm cluster whose parts serve metrics
 * on the address of their node. kubeadm's own default is 127.0.0.1, see docs/metrics.md.
 */
export const controlPlane = z.strictObject({
  /** The API server. */
  apiserver: z
    .strictObject(endpoint({ scheme: "https", credentials: "serviceAccount" }))
    .prefault({}),
  /** The database of the API server. */
  etcd: podEndpoint({
    // The port that serves only metrics (--listen-metrics-urls); 2379 requires a client certificate.
    port: 2381,
    scheme: "http",
    credentials: "none",
    podLabels: { component: "etcd" },
  }),
  /** The controller manager. */
  controllerManager: podEndpoint({
    port: 10_257,
    scheme: "https",
    // It creates a new self-signed certificate at every start, so there is nothing to verify.
    skipVerify: true,
    credentials: "serviceAccount",
    podLabels: { component: "kube-controller-manager" },
  }),
  /** The scheduler. */
  scheduler: podEndpoint({
    port: 10_259,
    scheme: "https",
    skipVerify: true,
    credentials: "serviceAccount",
    podLabels: { component: "kube-scheduler" },
  }),
  /** kube-proxy of each node. */
  kubeProxy: podEndpoint({
    port: 10_249,
    scheme: "http",
    credentials: "none",
    podLabels: { "k8s-app": "kube-proxy" },
  }),
  /** The cluster's DNS servers. */
  coredns: podEndpoint({
    port: 9153,
    scheme: "http",
    credentials: "none",
    podLabels: { "k8s-app": "kube-dns" },
  }),
  /** The kubelets, which also serve the metrics of containers (cAdvisor). */
  kubelet: z
    .strictObject(
      // Kubelets sign their own certificates unless serverTLSBootstrap is on; then set it to false.
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
