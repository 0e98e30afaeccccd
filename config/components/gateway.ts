import { z } from "zod";
import { crdFile, name, port, wildcardHost } from "../values";

const nodePort = port.min(30_000).max(32_767);

/** How clients outside of the cluster reach the gateway. */
const exposure = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("NodePort"),
    http: nodePort.default(30_080),
    https: nodePort.default(30_443),
  }),
  z.strictObject({
    type: z.literal("LoadBalancer"),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  z.strictObject({
    type: z.literal("HostPort"),
    http: port.default(80),
    https: port.default(443),
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
  })
  .refine(({ issuer, hostname }) => issuer === undefined || hostname !== undefined, {
    path: ["hostname"],
    error: "missing; cert-manager makes a certificate for a host name that the issuer is asked for",
  })
  .refine(({ issuer, namespace }) => issuer === undefined || namespace === undefined, {
    path: ["namespace"],
    error:
      "is given beside issuer; cert-manager writes the Secret into the gateway's own namespace",
  });

/** The HTTP entrance: Gateway API served by Traefik. */
export const gateway = z.strictObject({
  /** Gateway API definitions; left out where the cluster already has them. */
  crds: crdFile.optional(),
  replicas: z.int().min(1).max(50).default(2),
  exposure: exposure.default({ type: "NodePort", http: 30_080, https: 30_443 }),
  /** HTTPS; only HTTP is served without it. */
  tls: tls.optional(),
});

/** @see {@link gateway} */
export type GatewayConfig = z.infer<typeof gateway>;
