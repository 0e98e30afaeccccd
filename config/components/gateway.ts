import { z } from "zod";
import { isVast } from "../addresses";
import { expected, show } from "../errors";
import {
  crdFile,
  durationFrom,
  host,
  ipAddress,
  labelKey,
  name,
  port,
  range,
  wildcardHost,
} from "../values";

/** Annotations of the Service, by key: most clouds read the kind and the settings of a load balancer from them. */
const annotations = z.record(labelKey, z.string()).default({});

/**
 * Which nodes forward requests. `Cluster`: every node, with its own address as the source. `Local`: only nodes
 * that run a gateway pod, and the client's address is kept; the load balancer must check which nodes these are.
 */
const externalTrafficPolicy = z.enum(["Cluster", "Local"]).default("Cluster");

const nodePort = port.min(30_000).max(32_767);

/** How clients outside the cluster reach the gateway. */
const exposure = z.discriminatedUnion("type", [
  z.strictObject({
    /** Fixed ports of every node, for a load balancer that the cluster does not manage. */
    type: z.literal("NodePort"),
    /** Node port for HTTP. */
    http: nodePort.default(30_080),
    /** Node port for HTTPS. */
    https: nodePort.default(30_443),
    /**
     * Node port of a separate entry point for uploads, which has no read timeout. Without it, the read timeout is
     * off for all requests if the stack has Harbor or Nexus.
     */
    uploads: nodePort.optional(),
    externalTrafficPolicy,
  }),
  z.strictObject({
    /** A load balancer of the cloud. */
    type: z.literal("LoadBalancer"),
    annotations,
    /**
     * A second load balancer, for uploads, which has no read timeout. Without it, the read timeout is off for all
     * requests if the stack has Harbor or Nexus.
     */
    uploads: z.strictObject({ annotations }).optional(),
    externalTrafficPolicy,
  }),
  z.strictObject({
    /** Ports of the nodes that run a gateway pod. No load balancer is needed. */
    type: z.literal("HostPort"),
    /** Port of the nodes for HTTP. */
    http: port.default(80),
    /** Port of the nodes for HTTPS. */
    https: port.default(443),
    /**
     * Port of the nodes for uploads, without a read timeout. Without it, the read timeout is off for all requests
     * if the stack has Harbor or Nexus.
     */
    uploads: port.optional(),
  }),
]);

/** How HTTPS is served. */
const tls = z
  .strictObject({
    /** Secret of type kubernetes.io/tls. */
    secret: name,
    /** Namespace of the Secret. Default: the gateway's own. */
    namespace: name.optional(),
    /** Host names that are served with it, for example `*.example.com`. Default: all. */
    hostname: wildcardHost.optional(),
    /** Issuer of cert-manager, which creates and renews the Secret. Without it, the Secret must exist. */
    issuer: z
      .strictObject({
        /** Kind of the issuer. */
        kind: z.enum(["Issuer", "ClusterIssuer"]),
        /** Name of the issuer. */
        name,
      })
      .optional(),
    /** Whether every HTTP request is redirected to HTTPS. */
    redirect: z.boolean().default(true),
    /**
     * Port on which clients reach HTTPS, and to which HTTP is redirected. Default: 443 of a load balancer,
     * otherwise the port of the nodes. Set it if a load balancer in front uses another port.
     */
    port: port.optional(),
  })
  .refine(({ issuer, hostname }) => issuer === undefined || hostname !== undefined, {
    path: ["hostname"],
    error: "expected a host name for cert-manager to request a certificate for, got nothing",
  })
  .refine(({ issuer, namespace }) => issuer === undefined || namespace === undefined, {
    path: ["namespace"],
    error:
      "expected no namespace next to issuer, got one; cert-manager writes the Secret into the gateway's own namespace",
  });

/** A client with an address in such a range can claim the address of any client, so it is never the whole internet. */
const proxyRange = range.refine((cidr) => !isVast(cidr), {
  error: ({ input }) =>
    expected(
      "a range with a prefix of at least /8",
      show(input),
      "name only the addresses of the proxies: every other address in the range could pose as any client",
    ),
});

/**
 * Load balancers and proxies in front of the gateway, by the ranges of their own addresses. Anything with an
 * address in these ranges can impersonate any client, so the ranges must contain nothing else.
 */
const proxies = z.strictObject({
  /** Proxies of layer 7, whose `X-Forwarded-*` headers are trusted. */
  forwardedHeaders: z.array(proxyRange).default([]),
  /** Load balancers of layer 4, whose connections begin with the PROXY protocol. */
  proxyProtocol: z.array(proxyRange).default([]),
});

/** Web UIs of the platform that can have their own allow-list. */
export const webUis = [
  "harbor",
  "nexus",
  "jenkins",
  "grafana",
  "prometheus",
  "alertmanager",
  "kibana",
  "dashboard",
] as const;

const ranges = z.array(range).min(1);

/** Client addresses that may open each web UI. */
const allow = z.strictObject({
  /** Allow-list of every web UI that has none of its own. Default: all addresses. */
  default: ranges.optional(),
  /** Client addresses that may open Harbor, including pulls and pushes of images. Default: those in `default`. */
  harbor: ranges.optional(),
  /** Client addresses that may open Nexus, including downloads and uploads. Default: those in `default`. */
  nexus: ranges.optional(),
  /** Client addresses that may open Jenkins. Default: those in `default`. */
  jenkins: ranges.optional(),
  /** Client addresses that may open Grafana. Default: those in `default`. */
  grafana: ranges.optional(),
  /** Client addresses that may open Prometheus. Default: those in `default`. */
  prometheus: ranges.optional(),
  /** Client addresses that may open Alertmanager. Default: those in `default`. */
  alertmanager: ranges.optional(),
  /** Client addresses that may open Kibana. Default: those in `default`. */
  kibana: ranges.optional(),
  /** Client addresses that may open the dashboard of the cluster, Headlamp. Default: those in `default`. */
  dashboard: ranges.optional(),
});

/** The gateway for HTTP: Gateway API, served by Traefik. */
export const gateway = z.strictObject({
  /** Gateway API's custom resource definitions. Omit them if the cluster already has them. */
  crds: crdFile.optional(),
  /** Number of pods. */
  replicas: z.int().min(1).max(50).default(2),
  exposure: exposure.prefault({ type: "NodePort" }),
  /** HTTPS. Without it, only HTTP is served. */
  tls: tls.optional(),
  proxies: proxies.prefault({}),
  /** Name or IP address of the gateway, shown in its status. Default: the load balancer's own. */
  address: z
    .union([host, ipAddress], { error: "expected a host name or an IP address" })
    .optional(),
  /**
   * Timeouts of every connection to the entry point, each at least 1s. Uploads can have their own entry point.
   */
  timeouts: z
    .strictObject({
      /** Maximum time for a whole request with its body. */
      read: durationFrom("1s").prefault("60s"),
      /** How long an idle connection is kept. */
      idle: durationFrom("1s").prefault("180s"),
    })
    .prefault({}),
  /** Allow-lists and limits of requests. Off by default. Requires Traefik's custom resource definitions. */
  middlewares: z
    .strictObject({
      /** Traefik's custom resource definitions. Omit them if the cluster already has them. */
      crds: crdFile.optional(),
    })
    .optional(),
  /** Client addresses that may open the platform's web UIs. */
  allow: allow.prefault({}),
});
