import { z } from "zod";
import { jobWork } from "./cron";
import { version } from "./releases";

const work = {
  ...jobWork,
  /** Maximum time of all attempts together, seconds. */
  activeDeadlineSeconds: z.int().min(1).max(86_400).default(1800),
  /** Number of retries after the first attempt failed. */
  retries: z.int().min(0).max(10).default(0),
};

/** What an app runs once for each version, before the version's first pod starts. */
export const migrate = z.strictObject({
  ...work,
  /**
   * Oldest version that works after this migration, if the migration removes something (contract). From then
   * on, no older version may serve requests. Omit it for a migration that only adds.
   */
  contract: version.optional(),
});

/** The part of the migration that belongs to a release: everything that defines its Job. */
export const migrateWork = z.strictObject(work);

/** @see {@link migrate} */
export type MigrateConfig = z.infer<typeof migrate>;
/** @see {@link migrateWork} */
export type MigrateWork = z.infer<typeof migrateWork>;

/** Returns what a release's migration runs. */
export function migrateWorkOf({
  command,
  resources,
  activeDeadlineSeconds,
  retries,
}: MigrateConfig): MigrateWork {
  const own = resources === undefined ? {} : { resources };
  return { command, ...own, activeDeadlineSeconds, retries };
}
