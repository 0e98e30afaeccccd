import { z } from "zod";
import { autoscaling } from "./autoscaling";
import { dashboard } from "./dashboard";
import { artifacts } from "./artifacts";
import { backup } from "./backup";
import { charts, manifests } from "./charts";
import { ci } from "./ci";
import { gateway } from "./gateway";
import { baseImages } from "./images";
import { monitoring } from "./monitoring";
import { registry } from "./registry";
import { placement } from "./placement";
import { storage } from "./storage";
import { logging } from "./logging";
import { tenancy } from "./tenancy";
import { tracing } from "./tracing";

/** The parts of the platform that a stack declares; the others are not declared. */
export const components = z.strictObject({
  placement: placement.optional(),
  tenancy: tenancy.optional(),
  gateway: gateway.optional(),
  autoscaling: autoscaling.optional(),
  dashboard: dashboard.optional(),
  ci: ci.optional(),
  monitoring: monitoring.optional(),
  registry: registry.optional(),
  artifacts: artifacts.optional(),
  storage: storage.optional(),
  tracing: tracing.optional(),
  backup: backup.optional(),
  images: baseImages.optional(),
  logging: logging.optional(),
  charts: charts.optional(),
  manifests: manifests.optional(),
});

/** @see {@link components} */
export type ComponentsConfig = z.infer<typeof components>;

/** The validated section of a part, `platform:components.<part>`. */
export type PartConfig<Part extends keyof ComponentsConfig> = NonNullable<ComponentsConfig[Part]>;
