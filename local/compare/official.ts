import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { officialPath, plugins, usualPlaces, type PluginPlaces } from "../toolchain/plugins";

/**
 * Creates a folder of links to the official plugins.
 * @throws Error that lists the missing ones.
 */
export function linkOfficial(folder: string, places: PluginPlaces = usualPlaces()): void {
  const found = Object.keys(plugins).map((name) => ({ name, path: officialPath(name, places) }));
  const missing = found.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Error(
      `expected the official plugins, got none for ${missing.join(", ")}. ` +
        `Resource plugins: pulumi plugin install resource <name> <version of its package>; pulumi-language-nodejs comes with Pulumi's own download, and must be on PATH.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, path = "" } of found) symlinkSync(path, join(folder, name));
}
