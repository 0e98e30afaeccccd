import { z } from "zod";
import { unusableAddress } from "../addresses";
import { appRuntimeKeys } from "../../versions/app-runtimes";
import { expected } from "../errors";
import { show } from "../show";
import { ingressClassName } from "../ingress-class";
import { bytes, gitRepository, host, name, port, range } from "../values";
import { calls } from "./calls";
import { ownCheck } from "./check-queries";
import { canaryRequests } from "./canary-requests";
import { cron, cronWorkOf } from "./cron";
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
        "the address of a machine outside of the cluster",
        `${show(input)}, ${unusableAddress(input as string)}`,
      ),
  });

/** A service outside of the cluster, under a name inside: by host name, or by addresses. */
const externalService = z.union(
  [z.strictObject({ host }), z.strictObject({ addresses: z.array(outsideAddress).min(1), port })],
  { error: "{host}, or {addresses, port}" },
);

/** A plain Ingress in place of a route; it cannot split requests, so the app has no canary. */
const ingress = z.strictObject({
  /** IngressClass; the gateway's own without it. */
  className: name.default(ingressClassName),
  /** Secret of type kubernetes.io/tls in the app's namespace; HTTPS is served with it. */
  tlsSecret: name.optional(),
});

/** One app: what it is, where it is reached, and which of its releases run. */
export const app = z.strictObject({
  /** Team that owns the app; its namespace is `<team>-<environment>`. */
  team: name,
  kind,
  /**
   * Host name under which the gateway serves the app; its images and logs are named after it. Only a
   * worker has none.
   */
  domain: host.optional(),
  /** Further host names. */
  hosts,
  /** Prefixes of the paths under which it is served at each of its hosts; it gets the whole path. */
  paths,
  /** Git repository that its images are built from; without it, its versions are images that exist. */
  repository: gitRepository.optional(),
  /**
   * Base image that its Dockerfile is built from, which decides what it is built in: Java 8 for
   * tomcat:9.0.122-jdk8, PHP 7.2 for php:7.2.11. The newest one of its preset without it.
   */
  runtime: z.enum(appRuntimeKeys).optional(),
  /** Serves the app by a plain Ingress; only where no canary is asked for. */
  ingress: ingress.optional(),
  /** Client addresses that may call the app through the gateway; everyone without it. */
  allow: z.array(range).min(1).optional(),
  /**
   * Largest body of a request through the gateway; any without it. The gateway holds a body back
   * until it has all of it, so that an app with a limit sees no request that is still being sent.
   */
  maxBodySize: bytes.optional(),
  /** Most requests of one client; those beyond get 429. */
  rateLimit: rateLimit.optional(),
  /**
   * The app's number, for a fixed NodePort: 32000 + number online, 31000 + number in dev and test. Its requests all go
   * to the stable release; a canary gets requests only through the gateway.
   */
  number: z.int().min(1).max(767).optional(),
  ...templateShape,
  /**
   * Folders below `apps/` whose files are mounted, as if `configFiles` had each of them, by the
   * absolute path that they are mounted at.
   */
  configDir: z.record(containerPath, z.string({ error: "a folder below apps/" })).optional(),
  scaling: scaling.prefault({}),
  /** Pods that may be away at once for maintenance: a number, or percent of all. */
  maxUnavailable: z
    .union(
      [z.int().min(1), z.string().regex(/^[1-9][0-9]?%$/, 'a percentage from "1%" to "99%"')],
      {
        error: 'an integer of at least 1, or a percentage from "1%" to "99%"',
      },
    )
    .default("25%"),
  /**
   * Seconds in which a release's pods must become ready; after that its update has failed. At least 30 for a worker
   * without a readiness probe.
   */
  progressDeadlineSeconds: z.int().min(10).max(3600).default(300),
  /** Apps that it calls inside of the cluster; network policies let it, at both ends. */
  calls,
  /** Jobs on a schedule; they run the image and the environment of the stable release. */
  cron,
  /**
   * Migrates the app's data: a command that runs once for each version, in its image and environment,
   * before its first pod starts. Where it fails, the update ends and no request moves.
   */
  migrate: migrate.optional(),
  /** Files that outlive pods, or are too many for a node's disk, by the volume's name. */
  volumes,
  /**
   * Secrets that the External Secrets operator makes, by the names that `secretEnv` and `secretFiles`
   * use. They belong to a release: another place or version is another release.
   */
  externalSecrets: externalSecrets.default({}),
  /** Services outside of the cluster; the app reaches each as `<app>-<name>`. */
  externalServices: z.record(name, externalService).default({}),
  /** The release that takes the requests; before an app's first release it has none. */
  stable: stableRelease.optional(),
  canary: canaryRelease.optional(),
  /** Requests that go to the canary regardless of its weight: those with the header `x-gray: 1` by default. */
  canaryFor: canaryRequests,
  /** How canaries go on by themselves; a person changes the weight without it. */
  steps: steps.optional(),
  check: ownCheck.optional(),
  override: override.optional(),
  freeze: freeze.optional(),
  /** Oldest version that may still run, because a migration went in with it. */
  noRollbackBelow: version.optional(),
});

/** All apps of a stack, by name. */
export const apps = z.record(name, app);

/** An app's config after validation, defaults filled in; before its first release it has no stable one. */
export type DeclaredApp = z.infer<typeof app>;
/** The config of an app that was released. */
export type AppConfig = DeclaredApp & { stable: z.infer<typeof stableRelease> };
/** @see {@link externalService} */
export type ExternalServiceConfig = z.infer<typeof externalService>;

/** The part of an app's config that defines a release's pods. */
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
