import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "./paths";

/**
 * Creates the engine's home folder for tests: it has the user's plugins, and no automatic debug log. The engine
 * compresses and encrypts every message at its most verbose level, half of its CPU time, and no option disables that
 * (pkg/logging/encrypted.go of 3.259.0). It continues without a log if it cannot create the folder `logs`.
 * @param installed folder of the user's plugins.
 * @returns the folder, for PULUMI_HOME.
 */
export function ensureEngineHome(installed: string, home = join(localFolder, "engine")): string {
  mkdirSync(home, { recursive: true });
  const logs = join(home, "logs");
  if (!existsSync(logs)) writeFileSync(logs, "A file in this place disables the debug log.\n");
  const plugins = join(home, "plugins");
  if (plugins !== installed && !existsSync(plugins)) {
    mkdirSync(installed, { recursive: true });
    symlinkSync(installed, plugins);
  }
  return home;
}
