import { z } from "zod";

const timing = {
  /** Seconds between two probes. */
  periodSeconds: z.int().min(1).max(300).optional(),
  /** Seconds that an answer may take. */
  timeoutSeconds: z.int().min(1).max(60).optional(),
  /** Probes that must fail in a row. */
  failureThreshold: z.int().min(1).max(300).optional(),
};

/** One probe: an HTTP path that answers 200 to 399, a TCP port that opens, or a command that ends with 0. */
export const probe = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[^\s]*$/, "a path such as /healthz")
      .optional(),
    tcp: z.literal(true).optional(),
    command: z.array(z.string().min(1)).min(1).optional(),
    ...timing,
  })
  .refine(
    ({ path, tcp, command }) => [path, tcp, command].filter((it) => it !== undefined).length === 1,
    "expected exactly one of path, tcp and command, got none or several",
  );

/** When a pod may take requests, when it must be restarted, and how long it may take to start. */
export const probes = z.strictObject({
  readiness: probe.optional(),
  liveness: probe.optional(),
  startup: probe.optional(),
});

/** @see {@link probes} */
export type Probes = z.infer<typeof probes>;
/** @see {@link probe} */
export type Probe = z.infer<typeof probe>;
