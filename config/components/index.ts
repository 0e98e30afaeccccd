import { z } from "zod";
import { artifacts } from "./artifacts";
import { gateway } from "./gateway";
import { registry } from "./registry";
import { tenancy } from "./tenancy";

/** The parts of the platform that a stack declares; what is not named is not declared. */
export const components = z.strictObject({
  tenancy: tenancy.optional(),
  gateway: gateway.optional(),
  registry: registry.optional(),
  artifacts: artifacts.optional(),
});

/** @see {@link components} */
export type ComponentsConfig = z.infer<typeof components>;
