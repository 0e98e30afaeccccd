import { ProgramError, releaseTemplate, type ReleaseTemplate } from "../config";
import { mapTemplates, parseAppRecord, type AppRecord, type Template } from "../releases";

/**
 * The record of an app, its templates with the defaults of fields that an older program did not know.
 * @throws ProgramError for one that is damaged.
 */
export function recordFrom(value: unknown, app: string): AppRecord {
  try {
    return mapTemplates(parseAppRecord(value, app), (old) =>
      plainTemplate(releaseTemplate.parse(old)),
    );
  } catch (error) {
    throw new ProgramError(error instanceof Error ? error.message : String(error));
  }
}

/** A template as JSON holds it: no field that is undefined. */
export function plainTemplate(template: ReleaseTemplate): Template {
  return JSON.parse(JSON.stringify(template)) as Template;
}
