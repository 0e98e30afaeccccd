import { z } from "zod";
import { name } from "../values";

/** PromQL with the values that pass, by name. */
export const checkQueries = z.record(
  name,
  z
    .strictObject({
      query: z.string().min(1),
      /** Highest value that passes. */
      max: z.number().optional(),
      /** Lowest value that passes. */
      min: z.number().optional(),
    })
    .refine(
      ({ min, max }) => min !== undefined || max !== undefined,
      "expected min, max or both, got neither",
    ),
);

/** What a canary of this app is checked by, beside `platform:releases.check`. */
export const ownCheck = z.strictObject({
  /**
   * PromQL of the app's own, by name; `$namespace`, `$service`, `$release` and `$window` are the
   * canary's. A worker has no Service, and is judged by these and the restarts of its containers alone.
   */
  queries: checkQueries.default({}),
});
