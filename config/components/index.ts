import { z } from "zod";
import { artifacts } from "./artifacts";
import { gateway } from "./gateway";
import { monitoring } from "./monitoring";
import { registry } from "./registry";
import { placement } from "./placement";
import { storage } from "./storage";
import { tenancy } from "./tenancy";

/** The parts of the platform that a stack declares; what is not named is not declared. */
export const components = z.strictObject({
  placement: placement.optional(),
  tenancy: tenancy.optional(),
  gateway: gateway.optional(),
  monitoring: monitoring.optional(),
  registry: registry.optional(),
  artifacts: artifacts.optional(),
  storage: storage.optional(),
});

/** @see {@link components} */
export type ComponentsConfig = z.infer<typeof components>;
