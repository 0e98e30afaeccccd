import { z } from "zod";
import { name } from "../values";

/** Which pods go first where machines are full, and which machines the platform's own parts run on. */
export const placement = z.strictObject({
  /** Whether this stack declares the priority classes; of several stacks in one cluster, one does. */
  declare: z.boolean().default(true),
  /** Node group of the platform's own parts; any node that is not exclusive without it. */
  nodeGroup: name.optional(),
});

/** @see {@link placement} */
export type PlacementConfig = z.infer<typeof placement>;
