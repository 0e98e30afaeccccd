import { z } from "zod";
import { minAboveMax } from "../expected";
import { name } from "../values";

/** PromQL queries with the values that pass, by name. */
export const checkQueries = z.record(
  name,
  z
    .strictObject({
      /** Its result must be one number; several, such as one for each pod, are inconclusive. */
      query: z.string().min(1),
      /** Highest value that passes. Without it, no value is too high. */
      max: z.number().optional(),
      /** Lowest value that passes. Without it, no value is too low. */
      min: z.number().optional(),
    })
    .refine(
      ({ min, max }) => min !== undefined || max !== undefined,
      "expected min, max or both, got neither",
    )
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
      error: minAboveMax,
    }),
);

/** Checks of this app's canaries, in addition to `platform:releases.check`. */
export const ownCheck = z.strictObject({
  /**
   * The app's own PromQL queries, by name; `$namespace`, `$service`, `$release` and `$window` are those of the
   * canary. A worker has no Service: it is judged only by these queries and by the restarts of its containers.
   */
  queries: checkQueries.default({}),
});
