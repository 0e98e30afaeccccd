#!/usr/bin/env node
// Starts the command `platform`. Plain Node.js, because a fresh clone has no packages yet.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Returns the folder in which the command was typed. `npm run platform` starts it in the checkout, and npm passes that
 * folder as INIT_CWD. All others start it in the folder itself: npx, a shell, a script. They may inherit INIT_CWD from
 * an npm that runs something else, so it counts only for this script.
 */
function callerFolder() {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  const isRunByNpm = script === "platform" && process.cwd() === checkout;
  return isRunByNpm && typedIn ? typedIn : process.cwd();
}

/** What the command passes on: what it runs itself was not typed anywhere, and starts in its own folder. */
function environment() {
  const passed = { ...process.env, PLATFORM_CALLER_FOLDER: callerFolder() };
  if (passed.npm_lifecycle_event === "platform") delete passed.npm_lifecycle_event;
  return passed;
}

/**
 * Runs Node.js in the project's folder, and ends with its exit code or its signal when that is not 0. A signal that asks
 * this process to stop ends only the child, which may have an update to stop first.
 */
function node(...args) {
  const options = { cwd: checkout, env: environment(), stdio: "inherit" };
  const child = spawn(process.execPath, args, options);
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
