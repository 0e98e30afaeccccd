/** Ports of Traefik's container. Listeners of a Gateway name these, not the Service's. */
export const entryPointPorts = { web: 8000, websecure: 8443, ping: 8080, metrics: 9100 } as const;

/** Seconds that requests have to end when a pod of Traefik stops: more than most apps need. */
export const drainSeconds = 30;

/** IngressClass of plain Ingress objects that Traefik serves. */
export const ingressClassName = "traefik";

/**
 * Bounds of the latency histogram, seconds. Each is at most 1.6 times the one before, so that a
 * canary which is 1.5 times slower than stable falls into another bucket.
 */
const latencyBuckets = [
  0.01, 0.016, 0.025, 0.04, 0.063, 0.1, 0.16, 0.25, 0.4, 0.63, 1, 1.6, 2.5, 4, 6.3, 10,
];

/** What decides on Traefik's arguments. */
export interface TraefikArgumentsArgs {
  /** Whether every HTTP request is sent on to HTTPS. */
  redirectToHttps: boolean;
  /** Service whose address Traefik writes into the status of Ingress objects. */
  publishedService: string;
}

/** Traefik calls the entry point of its own pages "traefik"; the ping probe stands there. */
const entryPoints = {
  web: entryPointPorts.web,
  websecure: entryPointPorts.websecure,
  traefik: entryPointPorts.ping,
  metrics: entryPointPorts.metrics,
};

/** Traefik's command line. Its dashboard stays off, as nothing turns `--api` on. */
export function traefikArguments({
  redirectToHttps,
  publishedService,
}: TraefikArgumentsArgs): string[] {
  return [
    ...Object.entries(entryPoints).map(
      ([entry, port]) => `--entryPoints.${entry}.address=:${port}/tcp`,
    ),
    ...["web", "websecure"].flatMap((entry) => [
      // Takes new requests a while longer, until everybody knows that this pod goes.
      `--entryPoints.${entry}.transport.lifeCycle.requestAcceptGraceTimeout=${drainSeconds / 3}s`,
      `--entryPoints.${entry}.transport.lifeCycle.graceTimeOut=${drainSeconds}s`,
      // Uploads of images and artifacts take longer than Traefik's own limit of 60 s.
      `--entryPoints.${entry}.transport.respondingTimeouts.readTimeout=0s`,
    ]),
    ...(redirectToHttps
      ? [
          "--entryPoints.web.http.redirections.entryPoint.to=:443",
          "--entryPoints.web.http.redirections.entryPoint.scheme=https",
          "--entryPoints.web.http.redirections.entryPoint.permanent=true",
        ]
      : []),
    "--ping=true",
    "--providers.kubernetesgateway=true",
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
    "--global.checkNewVersion=false",
    "--global.sendAnonymousUsage=false",
  ];
}
