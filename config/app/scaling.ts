import { z } from "zod";
import { expected, minAboveMax } from "../expected";
import { duration, name } from "../values";
import { dailySchedule, timeZone } from "./cron";

const percent = z.int().min(1).max(100);

/** A number from Prometheus, such as the length of a queue or the number of busy threads. */
const ownQuery = z.strictObject({
  /**
   * PromQL that returns one number for all pods together; `$namespace`, `$app` and `$release` are replaced for
   * each release. A query without `$release` scales stable and canary in the same way.
   */
  query: z.string().min(1),
  /**
   * What one pod can handle. The number of pods is the result of the query divided by this value, which KEDA counts in
   * thousandths.
   */
  perPod: z.number().min(0.001).max(1_000_000_000_000),
});

/** A recurring period, for example a part of each day. */
const time = z
  .strictObject({
    /** When the period begins, as five cron fields. */
    from: dailySchedule,
    /** When the period ends, as five cron fields. */
    to: dailySchedule,
    timeZone,
    /** Minimum number of pods during this period; must be higher than `scaling.min`. */
    min: z.int().min(1).max(200),
  })
  .refine(({ from, to }) => from !== to, {
    path: ["to"],
    error: "expected another time than from, got the same",
  });

/** How fast pods are removed. */
const down = z.strictObject({
  /** How long fewer pods must have been sufficient. */
  after: duration.refine((seconds) => seconds <= 3600, "expected at most 1h").prefault("5m"),
  /** Maximum number of pods that are removed at once, in percent of all pods. */
  percent: percent.default(100),
  /** Minimum time between two removals. */
  every: duration
    .refine((seconds) => seconds >= 1 && seconds <= 1800, "expected 1s to 30m")
    .prefault("1m"),
});

/** How the number of an app's pods is determined. */
export const scaling = z
  .strictObject({
    /** Minimum number of pods of a release that gets requests. */
    min: z.int().min(1).max(200).default(2),
    /** Maximum number of pods of a release. */
    max: z.int().min(1).max(200).default(10),
    /**
     * Pods of a former release that waits for a rollback; at most `min`. Default: `min`. Before a rollback
     * sends requests to the release, it gets the pods that it needs for them.
     */
    rest: z.int().min(1).max(200).optional(),
    /**
     * Pods of all releases of a worker together. Default: 2. A worker with `queries` or `times` has `min` and
     * `max` instead, and its canary a fixed number of pods.
     */
    replicas: z.int().min(1).max(200).optional(),
    /** Target CPU usage in percent of the requested CPU. */
    cpu: percent.default(70),
    /**
     * Target memory usage in percent of the requested memory. Without it, memory does not affect the number of
     * pods.
     */
    memory: percent.optional(),
    /**
     * Target requests per second for one pod. Requires KEDA. Without it, requests do not affect the number of
     * pods.
     */
    requestsPerSecond: z.number().min(0.1).max(1_000_000).optional(),
    /** Your own PromQL queries, by name, with the value that one pod can handle. Requires KEDA. */
    queries: z.record(name, ownQuery).default({}),
    /**
     * Periods in which the stable release has more pods than `min`, ready before the load arrives. Requires
     * KEDA.
     */
    times: z.array(time).max(10).default([]),
    /** How pods are removed. Default: all surplus pods, after 5 minutes. */
    down: down.optional(),
  })
  .refine(({ min, max }) => min <= max, {
    error: minAboveMax,
  })
  .superRefine(({ min, max, times }, { addIssue }) => {
    times.forEach(({ min: least }, index) => {
      if (least > min && least <= max) return;
      const message =
        least > max
          ? expected(`at most scaling.max, ${max}`, String(least))
          : expected(
              `more than scaling.min, ${min}`,
              String(least),
              "leave the time out, or raise its min",
            );
      addIssue({ code: "custom", path: ["times", index, "min"], message });
    });
  })
  .refine(({ min, rest = min }) => rest <= min, {
    path: ["rest"],
    error: ({ input }) => {
      const { min, rest } = input as { min: number; rest: number };
      return `expected at most scaling.min, ${min}, got ${rest}`;
    },
  });

/** @see {@link scaling} */
export type ScalingConfig = z.infer<typeof scaling>;

/** Returns the keys of an app's scaling that require KEDA. */
export function byKeda({ requestsPerSecond, queries, times }: ScalingConfig): string[] {
  return [
    ...(requestsPerSecond === undefined ? [] : ["requestsPerSecond"]),
    ...(Object.keys(queries).length === 0 ? [] : ["queries"]),
    ...(times.length === 0 ? [] : ["times"]),
  ];
}
