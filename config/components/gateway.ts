import { z } from "zod";
import {
  crdFile,
  duration,
  host,
  ipAddress,
  labelKey,
  name,
  port,
  range,
  wildcardHost,
} from "../values";

const annotations = z.record(labelKey, z.string()).default({});

/**
 * Which nodes pass requests on. `Cluster`: every node, under its own address. `Local`: only nodes with
 * a pod of the gateway, and the client's address is kept; the balancer must ask which nodes these are.
 */
const externalTrafficPolicy = z.enum(["Cluster", "Local"]).default("Cluster");

const nodePort = port.min(30_000).max(32_767);

/** How clients outside of the cluster reach the gateway. */
const exposure = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("NodePort"),
    http: nodePort.default(30_080),
    https: nodePort.default(30_443),
    /** Node port of the entrance for uploads. */
    uploads: nodePort.optional(),
    externalTrafficPolicy,
  }),
  z.strictObject({
    type: z.literal("LoadBalancer"),
    annotations,
    /** A second load balancer, for uploads. */
    uploads: z.strictObject({ annotations }).optional(),
    externalTrafficPolicy,
  }),
  z.strictObject({
    type: z.literal("HostPort"),
    http: port.default(80),
    https: port.default(443),
    /** Port of the machines for uploads. */
    uploads: port.optional(),
  }),
]);

/** How HTTPS is served. */
const tls = z
  .strictObject({
    /** Secret of type kubernetes.io/tls. */
    secret: name,
    /** Namespace of the Secret; the gateway's own without it. */
    namespace: name.optional(),
    /** Host names that are served with it, for example `*.example.com`; all without it. */
    hostname: wildcardHost.optional(),
    /** cert-manager's issuer, which makes and renews the Secret. */
    issuer: z.strictObject({ kind: z.enum(["Issuer", "ClusterIssuer"]), name }).optional(),
    /** Whether every HTTP request is sent on to HTTPS. */
    redirect: z.boolean().default(true),
    /**
     * Port on which clients reach HTTPS, to which HTTP is redirected. Without it that of the exposure:
     * 443 of a load balancer, else the port of the nodes; to be set where a balancer in front has another.
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
      "expected no namespace beside issuer, got one; cert-manager writes the Secret into the gateway's own namespace",
  });

/**
 * Balancers and proxies in front of the gateway, by the ranges of their own addresses. Anything with an
 * address in these ranges can impersonate any client, so they must contain nothing else.
 */
const proxies = z.strictObject({
  /** Those of layer 7, whose `X-Forwarded-*` headers are believed. */
  forwardedHeaders: z.array(range).default([]),
  /** Those of layer 4, whose connections begin with the PROXY protocol. */
  proxyProtocol: z.array(range).default([]),
});

/** Web UIs of the platform that may have an allow-list of their own. */
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

/** Client addresses that may open each web UI. */
const allow = z.strictObject({
  /** Those of every web UI without a list of its own; everyone without it. */
  default: z.array(range).min(1).optional(),
  ...Object.fromEntries(webUis.map((ui) => [ui, z.array(range).min(1).optional()])),
});

/** The HTTP entrance: Gateway API served by Traefik. */
export const gateway = z.strictObject({
  /** Gateway API definitions; left out where the cluster already has them. */
  crds: crdFile.optional(),
  replicas: z.int().min(1).max(50).default(2),
  exposure: exposure.prefault({ type: "NodePort" }),
  /** HTTPS; only HTTP is served without it. */
  tls: tls.optional(),
  proxies: proxies.prefault({}),
  /** Name or IP address of the gateway, shown in its status; a load balancer's own without it. */
  address: z
    .union([host, ipAddress], { error: "expected a host name or an IP address" })
    .optional(),
  /** Time-outs of every connection to the entrance; uploads have an entrance of their own. */
  timeouts: z
    .strictObject({
      /** Longest time for a whole request with its body. */
      read: duration.prefault("60s"),
      /** How long a connection without a request is kept. */
      idle: duration.prefault("180s"),
    })
    .prefault({}),
  /** Allow-lists and limits of requests; needs Traefik's own definitions. Off without it. */
  middlewares: z
    .strictObject({
      /** Traefik's definitions; left out where the cluster already has them. */
      crds: crdFile.optional(),
    })
    .optional(),
  /** Client addresses that may open the platform's web UIs. */
  allow: allow.prefault({}),
});

/** @see {@link gateway} */
export type GatewayConfig = z.infer<typeof gateway>;
