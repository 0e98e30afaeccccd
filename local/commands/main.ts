import type { Command } from "commander";
import { reasonOf } from "../../config/reason";
import { resolvePaths } from "./caller";

/**
 * Runs the body of a command, and prints only the message of an error.
 * @param failed returns the exit code after an error. Default: 1.
 */
export function main(body: () => Promise<unknown>, failed: () => number = () => 1): void {
  body().catch((error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = failed();
  });
}

/**
 * Runs the command line of a verb. The help of a command that says nothing about its exit codes gets the common ones.
 * Each `<file>` and `<dir>` is a path from the folder in which the command was typed.
 * @param failed as for {@link main}.
 */
export function runVerb(program: Command, failed?: () => number): void {
  addExitCodes(program);
  resolvePaths(program);
  main(() => program.parseAsync(), failed);
}

function addExitCodes(command: Command): void {
  for (const each of command.commands) addExitCodes(each);
  if (command.commands.length > 0) {
    const names = [command.name()];
    for (let { parent } = command; parent; { parent } = parent) names.unshift(parent.name());
    command.addHelpText("after", `\nExit codes: ${names.join(" ")} <command> --help`);
  } else if (!/exit\s+codes?\b/i.test(wholeHelpOf(command))) {
    const text = "Exit code 0: done; 1: not done, or not completely; the output says why.";
    command.addHelpText("after", `\n${text}`);
  }
}

/** Returns the whole help of a command, with the texts after it. */
export function wholeHelpOf(command: Command): string {
  const printed: string[] = [];
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (text) => void printed.push(text) });
  command.outputHelp();
  command.configureOutput(output);
  return printed.join("");
}
