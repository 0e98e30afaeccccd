import { ingressClassName } from "../../config";

/** Ports of Traefik's container. Listeners of a Gateway use these, not the Service's. */
export const entryPointPorts = {
  web: 8000,
  websecure: 8443,
  uploads: 8444,
  ping: 8080,
  metrics: 9100,
} as const;

/** Seconds that open requests have to finish when a Traefik pod stops: enough for most apps. */
export const drainSeconds = 30;

/**
 * Buckets of the latency histogram, seconds. Each is at most 1.6 times the previous one, so that a canary which is 1.5
 * times slower than stable falls into another bucket.
 */
const latencyBuckets = [
  0.01, 0.016, 0.025, 0.04, 0.063, 0.1, 0.16, 0.25, 0.4, 0.63, 1, 1.6, 2.5, 4, 6.3, 10,
];

/** Request headers in the access log. All others may contain credentials, and are dropped. */
const loggedHeaders = [
  "User-Agent",
  "Referer",
  "X-Forwarded-For",
  "X-Request-Id",
  "Traceparent",
  // Requests the canary.
  "X-Gray",
];

/** Timeouts of connections to an entry point, seconds; 0 means no timeout. */
export interface EntryTimeouts {
  /** Longest time to read a request with its body. */
  read: number;
  /** How long an idle connection is kept. */
  idle: number;
}

/** Arguments of {@link traefikArguments}. */
export interface TraefikArgumentsArgs {
  /** Whether HTTPS is served. */
  tls: boolean;
  /** Port that HTTP is redirected to, as clients see it. Default: no redirect. */
  redirectPort?: number;
  /** Service whose address Traefik writes into the status of Gateways and Ingresses. */
  publishedService: string;
  /** Address for the status of Gateways instead. Default: the address of the Service. */
  address?: string;
  /** Whether there is an entry point for uploads, without a read timeout. */
  uploads: boolean;
  /** Timeouts of the entry points, seconds. */
  timeouts: EntryTimeouts;
  /** Address ranges of the load balancers and proxies in front of the gateway. */
  proxies: { forwardedHeaders: string[]; proxyProtocol: string[] };
  /** Whether Traefik watches its own kinds of objects, middlewares. */
  middlewares: boolean;
}

/** Returns Traefik's command line arguments. The dashboard stays off, because nothing enables `--api`. */
export function traefikArguments(args: TraefikArgumentsArgs): string[] {
  const { redirectPort, publishedService, timeouts } = args;
  const unlimited = { ...timeouts, read: 0 };
  return [
    ...publicEntry("web", timeouts, args),
    ...publicEntry("websecure", timeouts, args),
    // Traefik serves an Ingress over HTTPS only with this, or with an annotation. Its routers on other entry points stay
    // plain HTTP. Routes of the Gateway API have the TLS of their listener.
    ...(args.tls ? ["--entryPoints.websecure.http.tls=true"] : []),
    ...(args.uploads ? publicEntry("uploads", unlimited, args) : []),
    // Traefik names its internal entry point "traefik"; it serves the ping probe.
    `--entryPoints.traefik.address=:${entryPointPorts.ping}/tcp`,
    `--entryPoints.metrics.address=:${entryPointPorts.metrics}/tcp`,
    ...(redirectPort === undefined
      ? []
      : [
          `--entryPoints.web.http.redirections.entryPoint.to=:${redirectPort}`,
          "--entryPoints.web.http.redirections.entryPoint.scheme=https",
          "--entryPoints.web.http.redirections.entryPoint.permanent=true",
        ]),
    "--ping=true",
    "--providers.kubernetesgateway=true",
    ...statusAddress(args),
    ...(args.middlewares
      ? [
          "--providers.kubernetescrd=true",
          "--providers.kubernetescrd.disableClusterScopeResources=true",
        ]
      : []),
    "--providers.kubernetesingress=true",
    `--providers.kubernetesingress.ingressclass=${ingressClassName}`,
    // By default, the path /api of an Ingress also matches /apis.
    "--providers.kubernetesingress.strictPrefixMatching=true",
    `--providers.kubernetesingress.ingressendpoint.publishedservice=${publishedService}`,
    "--metrics.prometheus=true",
    "--metrics.prometheus.entryPoint=metrics",
    // Counts requests by route as well as by backend.
    "--metrics.prometheus.addRoutersLabels=true",
    `--metrics.prometheus.buckets=${latencyBuckets.join(",")}`,
    "--accesslog=true",
    "--accesslog.format=json",
    "--accesslog.fields.headers.defaultMode=drop",
    ...loggedHeaders.map((header) => `--accesslog.fields.headers.names.${header}=keep`),
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
  ];
}

type PublicEntry = "web" | "websecure" | "uploads";

/** An entry point for clients outside the cluster. */
function publicEntry(
  entry: PublicEntry,
  { read, idle }: EntryTimeouts,
  { proxies: { forwardedHeaders, proxyProtocol } }: TraefikArgumentsArgs,
): string[] {
  const prefix = `--entryPoints.${entry}`;
  const trusted = (setting: string, ranges: string[]) =>
    ranges.length === 0 ? [] : [`${prefix}.${setting}.trustedIPs=${ranges.join(",")}`];
  return [
    `${prefix}.address=:${entryPointPorts[entry]}/tcp`,
    // Accepts new requests until all clients know that the pod is stopping.
    `${prefix}.transport.lifeCycle.requestAcceptGraceTimeout=${drainSeconds / 3}s`,
    `${prefix}.transport.lifeCycle.graceTimeOut=${drainSeconds}s`,
    `${prefix}.transport.respondingTimeouts.readTimeout=${read}s`,
    `${prefix}.transport.respondingTimeouts.idleTimeout=${idle}s`,
    ...trusted("forwardedHeaders", forwardedHeaders),
    ...trusted("proxyProtocol", proxyProtocol),
  ];
}

/** Address in the status of Gateways, for `kubectl get gateway` and for tools that create DNS records. */
function statusAddress({ address, publishedService }: TraefikArgumentsArgs): string[] {
  const prefix = "--providers.kubernetesgateway.statusaddress";
  if (address === undefined) {
    const [namespace, name] = publishedService.split("/");
    return [`${prefix}.service.name=${name}`, `${prefix}.service.namespace=${namespace}`];
  }
  return [`${prefix}.${/^[\d.]+$|:/.test(address) ? "ip" : "hostname"}=${address}`];
}
