import { z } from "zod";
import { jobWork } from "./cron";
import { version } from "./releases";

const work = {
  ...jobWork,
  /** How long all tries may take together, seconds. */
  activeDeadlineSeconds: z.int().min(1).max(86_400).default(1800),
  /** Tries after the first one failed. */
  retries: z.int().min(0).max(10).default(0),
};

/** What an app runs once for each version, before the version's first pod starts. */
export const migrate = z.strictObject({
  ...work,
  /**
   * Oldest version that works with the data as this migration leaves it, where it takes something away
   * (contract). No older version may take requests from then on. A migration that only adds has none.
   */
  contract: version.optional(),
});

/** What of the migration belongs to a release: all that its Job is made from. */
export const migrateWork = z.strictObject(work);

/** @see {@link migrate} */
export type MigrateConfig = z.infer<typeof migrate>;
/** @see {@link migrateWork} */
export type MigrateWork = z.infer<typeof migrateWork>;

/** What a release's migration runs. */
export function migrateWorkOf({
  command,
  resources,
  activeDeadlineSeconds,
  retries,
}: MigrateConfig): MigrateWork {
  const own = resources === undefined ? {} : { resources };
  return { command, ...own, activeDeadlineSeconds, retries };
}
