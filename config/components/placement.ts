import { z } from "zod";
import { name } from "../values";

/** Which pods have priority if nodes are full, and which nodes run the platform's own parts. */
export const placement = z.strictObject({
  /** Whether this stack declares the priority classes. Only one of several stacks in a cluster does. */
  declare: z.boolean().default(true),
  /** Node group of the platform's own parts. Default: any node that is not exclusive. */
  nodeGroup: name.optional(),
});
