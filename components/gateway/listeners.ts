import type { GatewaySpec } from "../shared/gateway-api";
import { environmentLabel } from "../shared/labels";
import { entryPointPorts } from "./traefik-arguments";

/** Settings of HTTPS. */
export interface TlsArgs {
  /** Secret of type kubernetes.io/tls. */
  secret: string;
  /** Namespace of the Secret. Default: the gateway's own. */
  namespace?: string;
  /** Host names that use the certificate, for example `*.example.com`. Default: all. */
  hostname?: string;
  /** cert-manager issuer that creates and renews the Secret. Default: the Secret exists already. */
  issuer?: { kind: "Issuer" | "ClusterIssuer"; name: string };
  /** Whether every HTTP request is redirected to HTTPS. */
  redirect: boolean;
  /** Port on which clients reach HTTPS. Default: the port of the exposure. */
  port?: number;
}

/** Returns the listeners, to which only namespaces of the environment can attach routes. */
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
    { name: "websecure", port: entryPointPorts.websecure, ...httpsSettings(tls), allowedRoutes },
  ];
}

/** Returns the listener for uploads, to which only parts that take uploads can attach routes. */
export function uploadsListener(
  environment: string,
  tls: TlsArgs | undefined,
  uploading: string[],
): GatewaySpec["listeners"][number] {
  const key = "kubernetes.io/metadata.name";
  return {
    name: "uploads",
    port: entryPointPorts.uploads,
    ...(tls === undefined ? { protocol: "HTTP" } : httpsSettings(tls)),
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

/** TLS settings of a listener. */
function httpsSettings({ secret, namespace, hostname }: TlsArgs) {
  const certificate = { group: "" as const, kind: "Secret" as const, name: secret, namespace };
  return {
    protocol: "HTTPS" as const,
    hostname,
    tls: { mode: "Terminate" as const, certificateRefs: [certificate] },
  };
}
