import type { Command } from "commander";
import { reasonOf } from "../../config/reason";
import { resolvePaths } from "./caller";
import { exitCodes } from "./exit-codes";
import type { VerbCommand } from "./verb-command";

/**
 * Runs the body of a command, and prints only the message of an error.
 * @param failed returns the exit code after an error. Default: 1.
 */
export function main(
  body: () => Promise<unknown>,
  failed: () => number = () => exitCodes.failed,
): void {
  body().catch((error: unknown) => {
    console.error(reasonOf(error));
    process.exitCode = failed();
  });
}

/**
 * Runs the command line of a verb, whose help ends with examples and exit codes. Each `<file>` and `<dir>` is a path from
 * the folder in which the command was typed.
 * @param failed as for {@link main}.
 */
export function runVerb(program: VerbCommand, failed?: () => number): void {
  program.addHelp();
  resolvePaths(program);
  main(() => program.parseAsync(), failed);
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
