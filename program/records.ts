import { reasonOf } from "../config/reason";
import type { Records } from "./newest-records";
import { lookup, ProgramError, releaseTemplate, type ReleaseTemplate } from "../config";
import { mapTemplates, parseAppRecord, type AppRecord, type Template } from "../releases";

/**
 * Returns the record of an app. Fields of templates that an older program did not know have their defaults.
 * @throws ProgramError for a damaged record.
 */
export function recordFrom(value: unknown, app: string): AppRecord {
  try {
    return mapTemplates(parseAppRecord(value, app), (old) =>
      plainTemplate(releaseTemplate.parse(old)),
    );
  } catch (error) {
    throw new ProgramError(reasonOf(error));
  }
}

/**
 * Returns records with the namespace of each app. Older programs wrote it only into the stack's output `apps`.
 * @param apps that output.
 */
export function placedRecords(
  records: Records,
  apps: Record<string, { namespace?: string }> = {},
): Records {
  const placed = Object.entries(records).map(([app, record]) => {
    const namespace = lookup(apps, app)?.namespace;
    const isPlaced = typeof record !== "object" || record === null || "namespace" in record;
    return [app, isPlaced || namespace === undefined ? record : { ...record, namespace }] as const;
  });
  return Object.fromEntries(placed);
}

/** Returns the namespace in a record of any version; undefined if it contains none. */
export function recordedNamespace(record: unknown): string | undefined {
  const { namespace } = (record ?? {}) as { namespace?: unknown };
  return typeof namespace === "string" ? namespace : undefined;
}

/** Returns a template as JSON: without undefined fields. */
export function plainTemplate(template: ReleaseTemplate): Template {
  return JSON.parse(JSON.stringify(template)) as Template;
}
