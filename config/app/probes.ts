import { z } from "zod";

const timing = {
  /**
   * Seconds between two probes.
   * @default 10
   */
  periodSeconds: z.int().min(1).max(300).optional(),
  /**
   * Timeout of a probe, seconds.
   * @default 1
   */
  timeoutSeconds: z.int().min(1).max(60).optional(),
  /**
   * Number of failures in a row after which the probe has failed.
   * @default 3
   */
  failureThreshold: z.int().min(1).max(300).optional(),
};

/**
 * One probe: an HTTP path that answers with a status from 200 to 399, a TCP port that opens, or a command that
 * exits with 0.
 */
export const probe = z
  .strictObject({
    /**
     * Path of an HTTP request to the port of the app. Without it, set `tcp` or `command`.
     * @example /healthz
     */
    path: z
      .string()
      .regex(/^\/[^\s]*$/, "a path such as /healthz")
      .optional(),
    /** Only checks that the port of the app opens, without a request. Without it, set `path` or `command`. */
    tcp: z.literal(true).optional(),
    /**
     * Command that runs in the container, as a list of words. Without it, set `path` or `tcp`.
     * @example [/app/shop, healthy]
     */
    command: z.array(z.string().min(1)).min(1).optional(),
    ...timing,
  })
  .refine(
    ({ path, tcp, command }) => [path, tcp, command].filter((it) => it !== undefined).length === 1,
    "expected exactly one of path, tcp and command, got none or several",
  );

/** When a pod may get requests, when it is restarted, and how long it may take to start. */
export const probes = z.strictObject({
  /**
   * When a pod may get requests. Default: that of the preset; without a preset, `GET /` every 5 s, and 2 failures.
   * A worker has none.
   */
  readiness: probe.optional(),
  /**
   * When a container is restarted. Default: that of the preset; without a preset, `GET /` every 10 s, and 6
   * failures. A worker has none.
   */
  liveness: probe.optional(),
  /**
   * How long an app may take to start, before the other probes begin. Default: that of the preset; without a
   * preset, `GET /` every 2 s, and 60 failures. A worker has none.
   */
  startup: probe.optional(),
});

/** @see {@link probes} */
export type Probes = z.infer<typeof probes>;
/** @see {@link probe} */
export type Probe = z.infer<typeof probe>;
