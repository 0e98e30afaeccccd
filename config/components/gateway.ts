import { z } from "zod";
import { crdFile, name, port } from "../values";

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
]);

/** The HTTP entrance: Gateway API served by Traefik. */
export const gateway = z.strictObject({
  /** Gateway API definitions; left out where the cluster already has them. */
  crds: crdFile.optional(),
  replicas: z.int().min(1).max(50).default(2),
  exposure: exposure.default({ type: "NodePort", http: 30_080, https: 30_443 }),
  /** Secret of type kubernetes.io/tls in the gateway's namespace; HTTPS is served with it. */
  tlsSecret: name.optional(),
});

/** @see {@link gateway} */
export type GatewayConfig = z.infer<typeof gateway>;
