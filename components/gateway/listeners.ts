import type { GatewaySpec } from "../shared/gateway-api";
import { environmentLabel } from "../shared/labels";
import { entryPointPorts } from "./traefik-arguments";

/** How HTTPS is served. */
export interface TlsArgs {
  /** Secret of type kubernetes.io/tls. */
  secret: string;
  /** Namespace of the Secret; the gateway's own without it. */
  namespace?: string;
  /** Host names that are served with it, for example `*.example.com`; all without it. */
  hostname?: string;
  /** cert-manager's issuer, which makes and renews the Secret. */
  issuer?: { kind: "Issuer" | "ClusterIssuer"; name: string };
  /** Whether every HTTP request is sent on to HTTPS. */
  redirect: boolean;
  /** Port on which clients reach HTTPS; the exposure's own without it. */
  port?: number;
}

/** Listeners that namespaces of the environment, and no others, may attach routes to. */
export function listeners(environment: string, tls: TlsArgs | undefined): GatewaySpec["listeners"] {
  const allowedRoutes = {
    namespaces: {
      from: "Selector" as const,
      selector: { matchLabels: { [environmentLabel]: environment } },
    },
  };
  const web = { name: "web", protocol: "HTTP" as const, port: entryPointPorts.web, allowedRoutes };
  if (tls === undefined) return [web];
  return [
    web,
    { name: "websecure", port: entryPointPorts.websecure, ...terminated(tls), allowedRoutes },
  ];
}

/** The listener for uploads: only the parts that take some may attach routes to it. */
export function uploadsListener(
  environment: string,
  tls: TlsArgs | undefined,
  uploading: string[],
): GatewaySpec["listeners"][number] {
  const key = "kubernetes.io/metadata.name";
  return {
    name: "uploads",
    port: entryPointPorts.uploads,
    ...(tls === undefined ? { protocol: "HTTP" } : terminated(tls)),
    allowedRoutes: {
      namespaces: {
        from: "Selector",
        selector: {
          matchLabels: { [environmentLabel]: environment },
          matchExpressions: [{ key, operator: "In", values: uploading }],
        },
      },
    },
  };
}

/** How a listener serves HTTPS. */
function terminated({ secret, namespace, hostname }: TlsArgs) {
  const certificate = { group: "" as const, kind: "Secret" as const, name: secret, namespace };
  return {
    protocol: "HTTPS" as const,
    hostname,
    tls: { mode: "Terminate" as const, certificateRefs: [certificate] },
  };
}
