// Installs the npm packages unless they are the lock file's already. Plain Node, as nothing else is
// there yet on a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import process from "node:process";

const installed = "node_modules/.package-lock.json";
const lock = "package-lock.json";

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  // On standard error: what a command prints itself may be read by another program.
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    stdio: ["ignore", 2, 2],
  });
  process.exitCode = status ?? 1;
}
