import { z } from "zod";
import { unusableAddress } from "../addresses";
import { appRuntimeKeys } from "../../versions/app-runtimes";
import { expected } from "../errors";
import { show } from "../show";
import { ingressClassName } from "../ingress-class";
import { bytes, gitRepository, host, name, port, range } from "../values";
import { canaryRequests } from "./canary-requests";
import { canaryRelease, freeze, override, stableRelease, steps, version } from "./releases";
import { containerPath, releaseTemplate, templateShape, type ReleaseTemplate } from "./template";

const percent = z.int().min(1).max(100);

/** How many instances an app may have, and what makes it have more. */
export const scaling = z
  .strictObject({
    min: z.int().min(1).max(200).default(2),
    max: z.int().min(1).max(200).default(10),
    /**
     * Instances of a former release that waits for a rollback; at most `min`, which it is without it.
     * Before a rollback reaches the release, it gets the instances that the requests need.
     */
    rest: z.int().min(1).max(200).optional(),
    /** Target use of the requested CPU, percent. */
    cpu: percent.default(70),
    /** Target use of the requested memory, percent; not scaled on without it. */
    memory: percent.optional(),
    /** Target requests per second of one pod; not scaled on without it. KEDA counts them. */
    requestsPerSecond: z.number().min(0.1).max(1_000_000).optional(),
  })
  .refine(({ min, max }) => min <= max, {
    error: ({ input }) => {
      const { min, max } = input as { min: number; max: number };
      return `expected a min of at most max, got min ${min} and max ${max}`;
    },
  })
  .refine(({ min, rest = min }) => rest <= min, {
    path: ["rest"],
    error: ({ input }) => {
      const { min, rest } = input as { min: number; rest: number };
      return `expected at most scaling.min, ${min}, got ${rest}`;
    },
  });

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

/** A plain Ingress in the place of a route; it cannot divide requests, so the app has no canary. */
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
  /** Host name under which the gateway serves the app. */
  domain: host,
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
  /** The app's number, for a fixed NodePort: 32000 + number online, 31000 + number in dev and test. */
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
    .union([z.int().min(1), z.string().regex(/^[1-9][0-9]?%$/)], {
      error: 'an integer of at least 1, or a percentage from "1%" to "99%"',
    })
    .default("25%"),
  /** Seconds in which a release's pods must become ready; after that its update has failed. */
  progressDeadlineSeconds: z.int().min(10).max(3600).default(300),
  /** Services outside of the cluster; the app reaches each as `<app>-<name>`. */
  externalServices: z.record(name, externalService).default({}),
  /** The release that takes the requests; before an app's first release it has none. */
  stable: stableRelease.optional(),
  canary: canaryRelease.optional(),
  /** Requests that go to the canary whatever its weight: those with the header `x-gray: 1` by default. */
  canaryFor: canaryRequests,
  /** How canaries go on by themselves; a person changes the weight without it. */
  steps: steps.optional(),
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
  return releaseTemplate.parse(Object.fromEntries(keys.map((key) => [key, config[key]])));
}
