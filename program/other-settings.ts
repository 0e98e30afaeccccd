import type { z } from "zod";
import { app } from "../config/app";
import type { RouteSettings } from "../config/checks/route-precedence";
import type { NamingSettings } from "../config/object-names";

const { shape } = app;

const ofRoutes = {
  domain: shape.domain,
  hosts: shape.hosts,
  paths: shape.paths,
  canaryFor: shape.canaryFor,
};

const ofNames = {
  kind: shape.kind,
  number: shape.number,
  cron: shape.cron,
  volumes: shape.volumes,
  externalSecrets: shape.externalSecrets,
  externalServices: shape.externalServices,
};

/** Returns the settings of another stack's app that decide which requests it gets. */
export function routeSettings(given: Record<string, unknown>): RouteSettings {
  return read(given, ofRoutes);
}

/** Returns the settings of another stack's app from which the names of its objects follow. */
export function namingSettings(given: Record<string, unknown>): NamingSettings {
  return read(given, ofNames);
}

/**
 * Returns settings with their defaults. One that is invalid counts as left out: its own stack reports the error, and
 * declares nothing until it is corrected.
 */
function read<Shape extends Record<string, z.ZodType>>(
  given: Record<string, unknown>,
  schemas: Shape,
): { [Key in keyof Shape]: z.infer<Shape[Key]> } {
  const settings = Object.entries(schemas).map(([key, schema]) => {
    const parsed = schema.safeParse(given[key], { jitless: true });
    return [key, parsed.success ? parsed.data : schema.parse(undefined)] as const;
  });
  return Object.fromEntries(settings) as { [Key in keyof Shape]: z.infer<Shape[Key]> };
}
