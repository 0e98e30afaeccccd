import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { releaseTemplate } from "../../config";
import { recordedTemplate } from "../../releases";
import { canonical } from "../../releases/template";
import { desiredApp } from "../../program/decision";
import { configOf, type Context } from "./context";

/** Where an edited file is kept whose settings were put back. */
const folder = join(".local", "release");

/**
 * Puts the settings back that the app had at the last update. They were edited for a release that came
 * to nothing; in the file, without the release, they would make every later update of the stack illegal.
 * @returns the file that keeps the edited text, and the fields; nothing where none was edited.
 */
export function putSettingsBack(context: Context): { kept: string; fields: string[] } | undefined {
  const { app, file, record } = context;
  if (record === undefined) return undefined;
  const parsed = configOf(context);
  const now = desiredApp(app, parsed.app, parsed.stack, record).template;
  const before = recordedTemplate(record, record.configTemplate);
  const defaults = releaseTemplate.parse({ image: before["image"] }) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])]
    // The program's, which no file holds.
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
