import { putBackApps } from "./restore";
import type { YamlFile } from "./yaml-file";

/**
 * Writes every file with unsaved edits, each one completely or not at all.
 * @throws Error before anything is written if one of them cannot be.
 */
export function saveAll(files: readonly YamlFile[]): void {
  const edited = withUnsavedEdits(files);
  for (const file of edited) file.assertSavable();
  for (const file of edited) file.save();
}

/** Discards unsaved edits. */
export function reloadAll(files: readonly YamlFile[]): void {
  for (const file of withUnsavedEdits(files)) file.reload();
}

/**
 * Undoes what was saved: restores the text that was read, or if somebody else has changed the file since, only the apps
 * that were edited.
 * @returns the paths of the files where neither is possible; they are kept.
 */
export function restoreAll(files: readonly YamlFile[]): string[] {
  const kept: string[] = [];
  for (const file of files) {
    if (file.restore()) continue;
    if (putBackApps(file)) file.reload();
    else kept.push(file.path);
  }
  return kept;
}

function withUnsavedEdits(files: readonly YamlFile[]): YamlFile[] {
  return files.filter((file) => file.isEdited());
}
