#!/usr/bin/env node
// Starts the command `platform`. Plain Node.js, because a fresh clone has no packages yet.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs Node.js in the project's folder, and ends with its exit code or its signal when that is not 0. A signal that asks
 * this process to stop ends only the child, which may have an update to stop first.
 */
function node(...args) {
  const child = spawn(process.execPath, args, { cwd: checkout, stdio: "inherit" });
  // The terminal sends Ctrl-C to the child as well.
  const wait = () => {};
  const pass = (signal) => child.kill(signal);
  process.on("SIGINT", wait).on("SIGTERM", pass).on("SIGHUP", pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", wait).off("SIGTERM", pass).off("SIGHUP", pass);
      if (signal !== null) process.kill(process.pid, signal);
      else if (code !== 0) process.exit(code);
      else resolve();
    });
  });
}

await node(join("local", "commands", "ensure-packages.mjs"));
await node(join("bin", "bundle.cjs"), join("cli", "index.ts"), ...process.argv.slice(2));
