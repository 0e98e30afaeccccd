import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Command } from "commander";

/** Set by `bin/platform.mjs`. */
const variable = "PLATFORM_CALLER_FOLDER";

/** Folder in which the user typed the command; undefined if this process was not started by it. */
const typedIn = process.env[variable];
// What this process starts is not typed by the user.
delete process.env[variable];

/** Placeholder of an option or an argument that is a path. */
const path = /^(file|dir)$/;

/**
 * Lets a command and those below it read paths as the user's shell means them: every `<file>` and `<dir>`. Commands run
 * in the folder of the checkout. Defaults, and paths in files of the checkout, are relative to it.
 */
export function resolvePaths(command: Command, caller = typedIn): void {
  if (caller === undefined || caller === process.cwd()) return;
  const read = (value: string) => fromCaller(value, caller);
  for (const option of command.options) {
    const [, placeholder = ""] = /[<[]([^>\].]+)/.exec(option.flags) ?? [];
    if (path.test(placeholder)) option.argParser(read);
  }
  for (const argument of command.registeredArguments) {
    if (path.test(argument.name())) argument.argParser(read);
  }
  for (const each of command.commands) resolvePaths(each, caller);
}

/** Returns a path that was typed in a folder, as the checkout's folder names it; an absolute one for other places. */
function fromCaller(value: string, caller: string): string {
  if (isAbsolute(value)) return value;
  const whole = resolve(caller, value);
  const own = relative(process.cwd(), whole);
  return own === ".." || own.startsWith(`..${sep}`) ? whole : own || ".";
}

/** Returns a path of the checkout's folder for a message, as the user's shell means it. */
export function shownPath(file: string, caller = typedIn ?? process.cwd()): string {
  return isAbsolute(file) || caller === process.cwd() ? file : relative(caller, file) || ".";
}
