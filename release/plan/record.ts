import { z } from "zod";
import { ProgramError } from "../../config";
import type { AppRecord, Json, Template } from "./types";

const json: z.ZodType<Json> = z.json();
const template: z.ZodType<Template> = z.record(z.string(), json);

const recordSchema: z.ZodType<AppRecord> = z.strictObject({
  schema: z.literal(1),
  stable: z.string(),
  canary: z.strictObject({ key: z.string(), weight: z.int().min(0).max(100) }).optional(),
  retained: z.array(z.string()),
  releases: z.record(
    z.string(),
    z.strictObject({
      version: z.string(),
      revision: z.int().min(1),
      template,
      canarySince: z.iso.datetime().optional(),
    }),
  ),
  configTemplate: template,
  history: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      kind: z.enum(["first", "adopt", "promote", "rollback", "jump", "override"]),
      from: z.string().optional(),
      to: z.string(),
      by: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
});

/**
 * The record of an app as the last update left it.
 * @throws ProgramError for a record that is damaged or was written by another version of the program;
 * taking it for a first deployment would let a release skip its canary.
 */
export function parseRecord(app: string, value: unknown): AppRecord {
  const result = recordSchema.safeParse(value);
  const problem = result.success ? missingRelease(result.data) : z.prettifyError(result.error);
  if (!result.success || problem !== undefined) {
    throw new ProgramError(
      `The record of app "${app}" in the stack's outputs cannot be read: ${problem}. ` +
        `Nothing was changed. Restore the stack's state from its history, or use the version of the program that wrote it.`,
    );
  }
  return result.data;
}

/** Every role of a record must be held by a release that it describes. */
function missingRelease({ stable, canary, retained, releases }: AppRecord): string | undefined {
  const named = [stable, ...(canary === undefined ? [] : [canary.key]), ...retained];
  const missing = named.find((key) => !(key in releases));
  return missing === undefined ? undefined : `release ${missing} has a role but no description`;
}
