import { z } from "zod";
import { unusableAddress } from "../addresses";
import { appRuntimeKeys } from "../../versions/app-runtimes";
import { expected } from "../errors";
import { show } from "../show";
import { ingressClassName } from "../ingress-class";
import { gitRepository } from "../repositories";
import { bytes, host, name, port, range } from "../values";
import { calls } from "./calls";
import { ownCheck } from "./check-queries";
import { canaryRequests } from "./canary-requests";
import { cron, cronWorkOf } from "./cron";
import { deadlines } from "./deadline";
import { externalSecrets } from "./external-secrets";
import { hosts, paths, rateLimit } from "./entrances";
import { kind } from "./kinds";
import { migrate, migrateWorkOf } from "./migrate";
import { canaryRelease, freeze, override, stableRelease, steps, version } from "./releases";
import { scaling } from "./scaling";
import { releaseTemplate, templateShape, type ReleaseTemplate } from "./template";
import { containerPath, releaseVolumes, volumes } from "./volumes";

const outsideAddress = z
  .ipv4({ error: "an IPv4 address" })
  .refine((address) => unusableAddress(address) === undefined, {
    error: ({ input }) =>
      expected(
        "the address of a server outside the cluster",
        `${show(input)}, ${unusableAddress(input as string)}`,
      ),
  });

/** An EndpointSlice has at most this many addresses. */
const maximumAddresses = 1000;

const addresses = z
  .array(outsideAddress)
  .min(1)
  .refine((all) => all.length <= maximumAddresses, `a list of at most ${maximumAddresses} items`);

/** A service outside the cluster, with a name inside: by its host name, or by its addresses. */
const externalService = z.union(
  [
    z.strictObject({
      /** DNS name of the service, which the cluster resolves. */
      host,
    }),
    z.strictObject({
      /** IPv4 addresses of the service. Requests are distributed over all of them. */
      addresses,
      /** TCP port of the service at these addresses. */
      port,
    }),
  ],
  { error: "{host}, or {addresses, port}" },
);

/** A plain Ingress instead of a route. It cannot split requests, so the app has no canary. */
const ingress = z.strictObject({
  /** IngressClass. Default: that of the gateway. */
  className: name.default(ingressClassName),
  /**
   * Secret of type kubernetes.io/tls in the app's namespace, with the certificate of its hosts. The gateway serves it
   * only with `tls` of its own. Default: the gateway's certificate; another IngressClass then serves only HTTP.
   */
  tlsSecret: name.optional(),
});

/** One app: what it is, where it is reached, and which of its releases run. */
export const app = z.strictObject({
  /** Team that owns the app; its namespace is `<team>-<environment>`. */
  team: name,
  kind,
  /**
   * Host name of the app at the gateway. The app's images and logs are named after it. Without it, only a worker is
   * valid, which has none.
   */
  domain: host.optional(),
  /** Additional host names. */
  hosts,
  /** Prefixes of the paths that the app serves, on each of its hosts. The app gets the whole path. */
  paths,
  /**
   * Git repository from which its images are built. Without it, no images are built: the versions must exist
   * already.
   */
  repository: gitRepository.optional(),
  /**
   * Base image of its Dockerfile. It also determines the agent that builds the app: Java 8 for
   * tomcat:9.0.122-jdk8, PHP 7.2 for php:7.2.11. Default: the newest one of the preset.
   */
  runtime: z.enum(appRuntimeKeys).optional(),
  /**
   * Serves the app through a plain Ingress. Only possible without canaries. At the gateway, such an app shares no
   * host with an app that has a route. Default: a route of the Gateway API.
   */
  ingress: ingress.optional(),
  /** Client addresses that may call the app through the gateway. Default: all. */
  allow: z.array(range).min(1).optional(),
  /**
   * Maximum size of a request body. Default: no limit. With a limit, the gateway buffers the whole body before
   * it forwards the request, so the app cannot receive streaming uploads.
   */
  maxBodySize: bytes.optional(),
  /** Maximum rate of requests from one client. Further requests get 429. Default: no limit. */
  rateLimit: rateLimit.optional(),
  /**
   * The app's number, for a fixed NodePort: 32000 + number in gray and online, 31000 + number in dev and test. All
   * requests on this port go to the stable release; a canary gets requests only through the gateway. Default: no
   * NodePort.
   */
  number: z.int().min(1).max(767).optional(),
  ...templateShape,
  /**
   * Folders below `apps/` whose files are mounted as if `configFiles` contained each of them, by the absolute path
   * of the mount. Default: none.
   */
  configDir: z.record(containerPath, z.string({ error: "a folder below apps/" })).optional(),
  scaling: scaling.prefault({}),
  /** Pods that node drains may evict at the same time: a number, or a percentage of all pods. */
  maxUnavailable: z
    .union(
      [z.int().min(1), z.string().regex(/^[1-9][0-9]?%$/, 'a percentage from "1%" to "99%"')],
      {
        error: 'an integer of at least 1, or a percentage from "1%" to "99%"',
      },
    )
    .default("25%"),
  /**
   * Time within which the pods of a release must become ready, seconds. After that, the update fails. At least
   * 30 for a worker without a readiness probe. Default: 300; if the startup probe of a release allows its pods
   * more than 240, then 60 more than the probe allows, and at most 3600.
   */
  progressDeadlineSeconds: z.int().min(10).max(deadlines.maximum).optional(),
  /** Apps that it calls inside the cluster. Network policies on both sides allow the calls. */
  calls,
  /** Jobs on a schedule. They use the image and the environment of the stable release. */
  cron,
  /**
   * Migrates the app's data: a command that runs once for each version, in the version's image and environment,
   * before its first pod starts. If it fails, the update ends and no request moves. Without it, a new version
   * starts at once.
   */
  migrate: migrate.optional(),
  /** Volumes by name: for files that outlive their pods, or are too large for the disk of a node. */
  volumes,
  /**
   * Secrets that the External Secrets operator creates, by the names that `secretEnv` and `secretFiles` use.
   * They belong to a release: a new key or version takes effect with a new release.
   */
  externalSecrets: externalSecrets.default({}),
  /** Services outside the cluster. The app reaches each under the name `<app>-<name>`. */
  externalServices: z.record(name, externalService).default({}),
  /**
   * The release that serves the requests. Without it, the app has not been released: its team, image project and
   * pipeline exist, but no pods.
   */
  stable: stableRelease.optional(),
  /** The canary, with its share of the requests in percent. Without it, stable gets all requests. */
  canary: canaryRelease.optional(),
  /** Requests that go to the canary regardless of its weight. Default: those with the header `x-gray: 1`. */
  canaryFor: canaryRequests,
  /** How canaries proceed automatically. Without it, people change the weight. */
  steps: steps.optional(),
  /** Checks of this app's canaries, in addition to `platform:releases.check`. Default: only those. */
  check: ownCheck.optional(),
  /**
   * Why a release rule is overridden for this change, and by whom. It is recorded with the release. Without it, a
   * change that breaks a rule is refused.
   */
  override: override.optional(),
  /** A period in which no release of this app changes. Default: none. */
  freeze: freeze.optional(),
  /**
   * Oldest version that may still run, for example because a migration has changed the data. Default: any version that
   * no migration with `contract` excludes.
   */
  noRollbackBelow: version.optional(),
});

/** All apps of a stack, by name. */
export const apps = z.record(name, app);

/** An app's config after validation, with defaults. Before its first release it has no stable one. */
export type DeclaredApp = z.infer<typeof app>;
/** The config of an app that has been released. */
export type AppConfig = DeclaredApp & { stable: z.infer<typeof stableRelease> };
/** @see {@link externalService} */
export type ExternalServiceConfig = z.infer<typeof externalService>;

/** Returns the part of an app's config that defines the pods of a release. */
export function templateOf(config: DeclaredApp): ReleaseTemplate {
  const keys = Object.keys(templateShape) as (keyof typeof templateShape)[];
  const work = cronWorkOf(config.cron);
  const { migrate, externalSecrets: secrets } = config;
  const mounted = releaseVolumes(config.volumes);
  return releaseTemplate.parse({
    ...Object.fromEntries(keys.map((key) => [key, config[key]])),
    ...(work && { cron: work }),
    ...(config.kind === "worker" && { kind: config.kind }),
    ...(Object.keys(secrets).length > 0 && { externalSecrets: secrets }),
    ...(mounted && { volumes: mounted }),
    ...(migrate && { migrate: migrateWorkOf(migrate) }),
  });
}
