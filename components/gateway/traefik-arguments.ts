import { ingressClassName } from "../../config";

/** Ports of Traefik's container. Listeners of a Gateway name these, not the Service's. */
export const entryPointPorts = {
  web: 8000,
  websecure: 8443,
  uploads: 8444,
  ping: 8080,
  metrics: 9100,
} as const;

/** Seconds that requests have to end when a pod of Traefik stops: more than most apps need. */
export const drainSeconds = 30;

/**
 * Bounds of the latency histogram, seconds. Each is at most 1.6 times the one before, so that a
 * canary which is 1.5 times slower than stable falls into another bucket.
 */
const latencyBuckets = [
  0.01, 0.016, 0.025, 0.04, 0.063, 0.1, 0.16, 0.25, 0.4, 0.63, 1, 1.6, 2.5, 4, 6.3, 10,
];

/** Headers of requests that the access log keeps; all others may hold credentials, and are dropped. */
const loggedHeaders = [
  "User-Agent",
  "Referer",
  "X-Forwarded-For",
  "X-Request-Id",
  "Traceparent",
  // Whether the canary was asked for.
  "X-Gray",
];

/** Time-outs of connections to an entry point, seconds; 0 is without limit. */
export interface EntryTimeouts {
  /** Longest time for a whole request with its body. */
  read: number;
  /** How long a connection without a request is kept. */
  idle: number;
}

/** What decides on Traefik's arguments. */
export interface TraefikArgumentsArgs {
  /** Port that HTTP is redirected to, as clients see it; without it HTTP is served. */
  redirectPort?: number;
  /** Service whose address Traefik writes into the status of Gateways and Ingress objects. */
  publishedService: string;
  /** Address that stands in the status of Gateways instead. */
  address?: string;
  /** Whether there is an entry point for uploads, which take as long as they take. */
  uploads: boolean;
  timeouts: EntryTimeouts;
  /** Ranges of what stands in front of the gateway. */
  proxies: { forwardedHeaders: string[]; proxyProtocol: string[] };
  /** Whether Traefik reads its own kinds of objects: middlewares. */
  middlewares: boolean;
}

/** Traefik's command line. Its dashboard stays off, as nothing turns `--api` on. */
export function traefikArguments(args: TraefikArgumentsArgs): string[] {
  const { redirectPort, publishedService, timeouts } = args;
  const unlimited = { ...timeouts, read: 0 };
  return [
    ...publicEntry("web", timeouts, args),
    ...publicEntry("websecure", timeouts, args),
    ...(args.uploads ? publicEntry("uploads", unlimited, args) : []),
    // Traefik calls the entry point of its own pages "traefik"; the ping probe stands there.
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
    `--providers.kubernetesingress.ingressendpoint.publishedservice=${publishedService}`,
    "--metrics.prometheus=true",
    "--metrics.prometheus.entryPoint=metrics",
    // Counts each route's requests, and not only each backend's.
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

/** An entry point that clients outside of the cluster reach. */
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
    // Takes new requests a while longer, until everybody knows that this pod goes.
    `${prefix}.transport.lifeCycle.requestAcceptGraceTimeout=${drainSeconds / 3}s`,
    `${prefix}.transport.lifeCycle.graceTimeOut=${drainSeconds}s`,
    `${prefix}.transport.respondingTimeouts.readTimeout=${read}s`,
    `${prefix}.transport.respondingTimeouts.idleTimeout=${idle}s`,
    ...trusted("forwardedHeaders", forwardedHeaders),
    ...trusted("proxyProtocol", proxyProtocol),
  ];
}

/** Where clients reach the Gateways, for `kubectl get gateway` and what makes DNS records of it. */
function statusAddress({ address, publishedService }: TraefikArgumentsArgs): string[] {
  const prefix = "--providers.kubernetesgateway.statusaddress";
  if (address === undefined) {
    const [namespace, name] = publishedService.split("/");
    return [`${prefix}.service.name=${name}`, `${prefix}.service.namespace=${namespace}`];
  }
  return [`${prefix}.${/^[\d.]+$|:/.test(address) ? "ip" : "hostname"}=${address}`];
}
