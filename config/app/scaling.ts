import { z } from "zod";
import { expected } from "../expected";
import { duration, name } from "../values";
import { dailySchedule, timeZone } from "./cron";

const percent = z.int().min(1).max(100);

/** A number that Prometheus knows, such as the length of a queue or busy threads. */
const ownQuery = z.strictObject({
  /**
   * PromQL that gives one number for all pods together; `$namespace`, `$app` and `$release` stand for
   * the release's own. One that does not name `$release` scales stable and canary alike.
   */
  query: z.string().min(1),
  /** What one pod is good for; there are as many pods as it fits into the number. */
  perPod: z.number().positive(),
});

/** A part of the day, or of the week. */
const time = z
  .strictObject({
    /** When it begins and when it ends, as five cron fields. */
    from: dailySchedule,
    to: dailySchedule,
    timeZone,
    /** Fewest instances until then; more than `scaling.min`. */
    min: z.int().min(1).max(200),
  })
  .refine(({ from, to }) => from !== to, {
    path: ["to"],
    error: "expected another time than from, got the same",
  });

/** How fast pods are taken away. */
const down = z.strictObject({
  /** For how long fewer pods must have been enough. */
  after: duration.refine((seconds) => seconds <= 3600, "expected at most 1h").prefault("5m"),
  /** The most that go at once, percent of all. */
  percent: percent.default(100),
  /** How much time is between two such steps. */
  every: duration
    .refine((seconds) => seconds >= 1 && seconds <= 1800, "expected 1s to 30m")
    .prefault("1m"),
});

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
    /** Pods of a worker, of all its releases together; 2 without it. No autoscaler changes the number. */
    replicas: z.int().min(1).max(200).optional(),
    /** Target use of the requested CPU, percent. */
    cpu: percent.default(70),
    /** Target use of the requested memory, percent; not scaled on without it. */
    memory: percent.optional(),
    /** Target requests per second of one pod; not scaled on without it. KEDA counts them. */
    requestsPerSecond: z.number().min(0.1).max(1_000_000).optional(),
    /** PromQL of your own, by name, with the value that one pod is good for. KEDA asks. */
    queries: z.record(name, ownQuery).default({}),
    /** Times at which the stable release has more pods than `min`, before the load comes. By KEDA. */
    times: z.array(time).max(10).default([]),
    /** How pods are taken away; all that are too many, after 5 minutes, without it. */
    down: down.optional(),
  })
  .refine(({ min, max }) => min <= max, {
    error: ({ input }) => {
      const { min, max } = input as { min: number; max: number };
      return `expected a min of at most max, got min ${min} and max ${max}`;
    },
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

/** What of an app's scaling only KEDA can do, by the keys. */
export function byKeda({ requestsPerSecond, queries, times }: ScalingConfig): string[] {
  return [
    ...(requestsPerSecond === undefined ? [] : ["requestsPerSecond"]),
    ...(Object.keys(queries).length === 0 ? [] : ["queries"]),
    ...(times.length === 0 ? [] : ["times"]),
  ];
}
