import { z } from "zod";
import { builtIn, builtInText, duration } from "../values";

/** A version as in an image tag. Not necessarily semantic: `1.4.2-online-3f2c1a9` is fine. */
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

/** How the engine hands a time on that stands without quotes in a stack's file. */
const engineTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) \+0000 UTC$/;

/** A moment, in UTC. */
export const moment = z.preprocess(
  (value) => (typeof value === "string" ? value.replace(engineTime, "$1T$2Z") : value),
  z.iso.datetime({ error: "a UTC time such as 2026-11-21T08:00:00Z" }),
);

/** What `npx platform release check` found; it writes this into the stack's config. */
const checkEvidence = z.strictObject({
  verdict: z.enum(["pass", "fail", "inconclusive"]),
  at: moment,
  /** Key of the release that was checked, for example `1.5.0` or `1.5.0-r2`. */
  release: z.string(),
  /** Requests that the check saw on the canary. */
  samples: z.int().min(0),
  /** Hash of the rules of `releases.check` that it was judged by. */
  rules: z.string().optional(),
});

/** Digest of an image, as a registry prints it. */
const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected a digest such as sha256: and 64 hexadecimal digits");

const release = {
  version,
  /**
   * Digest of the image. The release runs this image for all of its life, also where the tag is pushed
   * again; without it, each node runs what the tag names when it pulls.
   */
  digest: digest.optional(),
  /** Raised when the same version is released again with another configuration. */
  revision: z.int().min(1).default(1),
  check: checkEvidence.optional(),
};

/** The release that takes the traffic which no canary takes. */
export const stableRelease = z.strictObject({
  ...release,
  /** Requests move at once, without waiting for the pods that they need; for an incident. */
  now: z.boolean().optional(),
});

/** The release under trial, with its share of the traffic in percent. */
export const canaryRelease = z.strictObject({
  ...release,
  weight: z.int().min(0).max(100),
  /** Whether it keeps its share, although the app has steps. */
  hold: z.boolean().optional(),
});

/** How a canary advances automatically, by `npx platform release advance` on a schedule. */
export const steps = z.strictObject({
  /** Its shares one after the other, percent; 100 promotes it, as does the end of the list. */
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
  /** How long it has each share, at least. */
  every: duration.prefault("30m"),
  /** Whether each step needs a passing check. */
  check: z.boolean().default(true),
  /** What an inconclusive check does: it is repeated, or the requests go back to stable. */
  inconclusive: z.enum(["wait", "end"]).default("wait"),
  /** For how long a step waits for a check that passes; then the requests go back to stable. */
  patience: duration.prefault("1d"),
});

const text = z.string().trim().min(1);

/** Why a rule was set aside, and by whom; it is recorded with the release. */
export const override = z.strictObject({ reason: text, by: text });

/** No release changes until then. */
export const freeze = z.strictObject({ until: moment, reason: text });
