import { z } from "zod";
import { resources } from "../resources";
import { plain, presets } from "./presets";
import { probe } from "./probes";

const count = z.int().min(1);

/**
 * Settings that affect the pods of a release but are not in the app's config, as they were when the release was
 * first deployed. A change of a preset in the program, or of the domain, therefore replaces no running pod.
 */
export const resolved = z.strictObject({
  /** Values of the preset. */
  preset: z.strictObject({
    port: count,
    resources,
    probes: z.strictObject({ readiness: probe, liveness: probe, startup: probe }),
    env: z.record(z.string(), z.string()),
    tmp: z.string(),
  }),
  /** Names in the paths of its log directories on the node; only if it has log directories. */
  logs: z.strictObject({ environment: z.string(), domain: z.string() }).optional(),
  /** The nginx in front of PHP: its image, its resources and its files. */
  nginx: z
    .strictObject({
      image: z.string(),
      resources,
      files: z.record(z.string(), z.string()),
      /** Whether it serves the volumes below its folder. Releases of older programs have no such field. */
      servesVolumes: z.literal(true).optional(),
    })
    .optional(),
  /** Whether its pods name the team's Secret for pulling images. */
  pulls: z.boolean(),
});

/** @see {@link resolved} */
export type Resolved = z.infer<typeof resolved>;

/** Returns the defaults of a preset, or those of an app without a preset. */
export function presetOf(template: {
  preset?: keyof typeof presets;
  resolved?: Resolved;
}): Resolved["preset"] {
  if (template.resolved !== undefined) return template.resolved.preset;
  return template.preset === undefined ? plain : presets[template.preset];
}
