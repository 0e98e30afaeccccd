// Installs the npm packages unless those of the lock file are installed. Plain Node.js, because a fresh clone has no
// packages yet. Versions are compared, not times: git changes the time of the lock file with each switch of branches,
// and an installation removes the packages under every command that runs.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";

/** Packages of a lock file by their folders; npm writes the second file at the end of an installation. */
function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

function areInstalled() {
  const installed = packagesOf("node_modules/.package-lock.json");
  if (installed === undefined) return false;
  const locked = packagesOf("package-lock.json");
  const folders = new Set([...Object.keys(locked), ...Object.keys(installed)]);
  // The project itself, which is not installed.
  folders.delete("");
  return [...folders].every((folder) => {
    // Optional packages are those of other operating systems.
    if (installed[folder] === undefined) return locked[folder]?.optional === true;
    return installed[folder].version === locked[folder]?.version;
  });
}

if (!areInstalled()) {
  // On standard error: another program may read what a command prints.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    stdio: ["ignore", 2, 2],
  });
  process.exitCode = status ?? 1;
}
