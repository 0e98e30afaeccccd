import { z } from "zod";
import { builtIn, builtInText, duration } from "../values";

/** A version, as in an image tag. It need not be semantic: `1.4.2-online-3f2c1a9` is valid. */
export const version = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'an image tag such as "1.4.2": letters, digits, dots, dashes and underscores',
  )
  .regex(builtIn, builtInText)
  .refine((text) => text !== "latest", {
    error: "expected a version that names one image, got latest, which names another one tomorrow",
  });

/** The form in which the engine passes on an unquoted time of a stack file. */
const engineTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) \+0000 UTC$/;

/** A time in UTC. */
export const moment = z.preprocess(
  (value) => (typeof value === "string" ? value.replace(engineTime, "$1T$2Z") : value),
  z.iso.datetime({ error: "a UTC time such as 2026-11-21T08:00:00Z" }),
);

/** The result of `npx platform release check`, which writes it into the stack's config. */
const checkEvidence = z.strictObject({
  /** What the check found: `inconclusive` if there were too few requests, or if stable had errors as well. */
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  /** When the check ended, in UTC. */
  at: moment,
  /** Key of the release that was checked, for example `1.5.0` or `1.5.0-r2`. */
  release: z.string(),
  /** Number of requests to the canary that the check counted. */
  samples: z.int().min(0),
  /**
   * Hash of the rules of `releases.check` that the check used. Without it, the check does not count once an update
   * has recorded the rules.
   * @example 0123456789abcdef
   */
  rules: z.string().optional(),
});

/** Digest of an image, in the format of a registry. */
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected a digest such as sha256: and 64 hexadecimal digits");

const release = {
  version,
  /**
   * Digest of the image. The release always runs this image, even if someone pushes the tag again. Without it,
   * each node runs the image that the tag names when the node pulls it.
   */
  digest: digest.optional(),
  /** Increase it to release the same version again with another configuration. */
  revision: z.int().min(1).default(1),
  /**
   * The result of `npx platform release check`, which writes it into the stack's config. Without it, the release
   * counts as not checked.
   */
  check: checkEvidence.optional(),
};

/** The release that serves all requests that do not go to a canary. */
export const stableRelease = z.strictObject({
  ...release,
  /**
   * Whether requests move immediately, without waiting for the pods that they need. For emergencies.
   * @default false
   */
  now: z.boolean().optional(),
});

/** The canary, with its share of the requests in percent. */
export const canaryRelease = z.strictObject({
  ...release,
  /** Share of the requests that the canary gets, percent. For a worker, its share of the pods. */
  weight: z.int().min(0).max(100),
  /**
   * Whether the canary keeps its share, even if the app has steps.
   * @default false
   */
  hold: z.boolean().optional(),
});

/** How canaries proceed automatically, through `npx platform release advance` on a schedule. */
export const steps = z.strictObject({
  /** The canary's shares, in this order, percent. 100 promotes it; so does the step after the last share. */
  weights: z
    .array(z.int().min(1).max(100))
    .min(1)
    .refine(
      (weights) => weights.every((weight, at) => at === 0 || weight > (weights[at - 1] ?? 0)),
      {
        error: ({ input }) =>
          `expected weights that rise from one to the next, got ${(input as number[]).join(", ")}`,
      },
    ),
  /** Minimum time at each share. */
  every: duration.prefault("30m"),
  /** Whether each step needs a passing check. */
  check: z.boolean().default(true),
  /** What happens after an inconclusive check: `wait` repeats it, `end` sends the requests back to stable. */
  inconclusive: z.enum(["wait", "end"]).default("wait"),
  /** How long a step waits for a passing check before the requests go back to stable. */
  timeout: duration.prefault("1d"),
});

const text = z.string().trim().min(1);

/** Why a rule was overridden, and by whom. It is recorded with the release. */
export const override = z.strictObject({
  /** Why the rule does not apply this time. Previews show it. */
  reason: text,
  /** Who decided it. */
  by: text,
});

/** A period in which no release changes. */
export const freeze = z.strictObject({
  /** End of the freeze, in UTC. */
  until: moment,
  /** Why nothing may be released. Previews and refused changes show it. */
  reason: text,
});
