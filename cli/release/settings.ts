import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releaseTemplate } from "../../config";
import { recordedTemplate } from "../../releases";
import { canonical } from "../../releases/template";
import { desiredApp } from "../../program/decision";
import { configOf, type Context } from "./context";

/** Folder for the edited files whose settings were restored. */
const folder = join(".local", "release");

/**
 * Restores the app's settings of the last update. They were edited for a release that failed. Without that
 * release, the rules would refuse every later update of the stack while the file contains them.
 * @returns the file that keeps the edited text, and the fields; undefined if no setting was edited.
 */
export function restoreSettings(context: Context): { kept: string; fields: string[] } | undefined {
  const { app, file, record } = context;
  if (record === undefined) return undefined;
  const parsed = configOf(context);
  const now = desiredApp(app, parsed.app, parsed.stack, record).template;
  const before = recordedTemplate(record, record.configTemplate);
  const defaults = releaseTemplate.parse({ image: before["image"] }) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])]
    // Values that the program adds; no file contains them.
    .filter((name) => name !== "resolved")
    .sort();
  const fields = names.filter((name) => canonical(now[name]) !== canonical(before[name]));
  if (fields.length === 0) return undefined;
  mkdirSync(folder, { recursive: true });
  const kept = join(
    folder,
    `${context.stack}-${context.now.toISOString().replaceAll(":", "-")}.yaml`,
  );
  writeFileSync(kept, file.originalOf(app));
  for (const name of fields) {
    const value = before[name];
    const usual = name !== "image" && canonical(value) === canonical(defaults[name]);
    file.setField(app, name, usual ? undefined : value);
  }
  file.save();
  return { kept, fields };
}
