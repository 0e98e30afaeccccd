import { z } from "zod";

const timing = {
  /** Seconds between two probes. */
  periodSeconds: z.int().min(1).max(300).optional(),
  /** Timeout of a probe, seconds. */
  timeoutSeconds: z.int().min(1).max(60).optional(),
  /** Number of failures in a row after which the probe has failed. */
  failureThreshold: z.int().min(1).max(300).optional(),
};

/**
 * One probe: an HTTP path that answers with a status from 200 to 399, a TCP port that opens, or a command that
 * exits with 0.
 */
export const probe = z
  .strictObject({
    /** Path of an HTTP request to the port of the app. */
    path: z
      .string()
      .regex(/^\/[^\s]*$/, "a path such as /healthz")
      .optional(),
    /** Only checks that the port of the app opens, without a request. */
    tcp: z.literal(true).optional(),
    /** Command that runs in the container, as a list of words. */
    command: z.array(z.string().min(1)).min(1).optional(),
    ...timing,
  })
  .refine(
    ({ path, tcp, command }) => [path, tcp, command].filter((it) => it !== undefined).length === 1,
    "expected exactly one of path, tcp and command, got none or several",
  );

/** When a pod may get requests, when it is restarted, and how long it may take to start. */
export const probes = z.strictObject({
  readiness: probe.optional(),
  liveness: probe.optional(),
  startup: probe.optional(),
});

/** @see {@link probes} */
export type Probes = z.infer<typeof probes>;
/** @see {@link probe} */
export type Probe = z.infer<typeof probe>;
