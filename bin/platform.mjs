#!/usr/bin/env node
// Starts the platform's one command. Plain Node.js, as a fresh clone has no packages yet.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs Node.js in the project's folder, and ends with its exit code when that is not 0. */
function node(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: checkout, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

node(join("local", "commands", "ensure-packages.mjs"));
node(join("bin", "bundle.cjs"), join("cli", "index.ts"), ...process.argv.slice(2));
