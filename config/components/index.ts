import { z } from "zod";
import { gateway } from "./gateway";
import { logging } from "./logging";
import { tenancy } from "./tenancy";

/** The parts of the platform that a stack declares; what is not named is not declared. */
export const components = z.strictObject({
  tenancy: tenancy.optional(),
  gateway: gateway.optional(),
  logging: logging.optional(),
});

/** @see {@link components} */
export type ComponentsConfig = z.infer<typeof components>;
