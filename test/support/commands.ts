import { createRequire } from "node:module";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { argumentsOf } from "../../cli/arguments";
import { verbOf, verbs } from "../../cli/verbs";
import { main, wholeHelpOf } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { checkout } from "../../local/toolchain/paths";
import { capture, type ScriptRun } from "./captured";

const load = createRequire(__filename);
const known = new Map<string, VerbCommand>();

/**
 * Returns the command of a verb as its module defines it, without a process for it: the module is loaded while no
 * command line is parsed.
 * @throws Error if the verb has no module, or the module parses no command line.
 */
export function commandOf(verb: string): VerbCommand {
  const found = known.get(verb);
  if (found !== undefined) return found;
  const made = loadCommand(verb);
  known.set(verb, made);
  return made;
}

/** Returns the command of a verb as {@link commandOf}, which no other test has changed. */
export function loadCommand(verb: string): VerbCommand {
  const { parseAsync } = Command.prototype;
  const parsed: Command[] = [];
  Command.prototype.parseAsync = function (this: Command) {
    parsed.push(this);
    return Promise.resolve(this);
  };
  const module = load.resolve(join(checkout, "cli", verbs[verb]?.module ?? "of no verb"));
  // Another test may have imported it, which has parsed its command line already, and keeps what it has.
  const imported = load.cache[module];
  try {
    load.cache[module] = undefined;
    load(module);
  } finally {
    if (imported !== undefined) load.cache[module] = imported;
    Command.prototype.parseAsync = parseAsync;
  }
  const [command] = parsed;
  if (!(command instanceof VerbCommand)) throw new Error(`${module} parses no command line`);
  return command;
}

/** Returns every command that has no others below it, by its words after `npx platform`. */
export function leafCommands(
  load: (verb: string) => VerbCommand = commandOf,
): [string, VerbCommand][] {
  const below = (line: string, command: VerbCommand): [string, VerbCommand][] =>
    command.commands.length === 0
      ? [[line, command]]
      : command.commands.flatMap((each) => below(`${line} ${each.name()}`, each as VerbCommand));
  return Object.keys(verbs).flatMap((verb) => below(verb, load(verb)));
}

/**
 * Returns the help of a command as `npx platform <verb> <words> --help` prints it.
 * @throws Error if one of the words is no command.
 */
export function helpOf(verb: string, ...words: string[]): string {
  let command: Command = commandOf(verb);
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) throw new Error(`${verb}: there is no command "${word}"`);
    command = next;
  }
  return wholeHelpOf(command);
}

/**
 * Runs a command of `npx platform` in this process, which has loaded most of it already: a process takes half a second of
 * CPU time to start. What is before the command's module (`bin/platform.mjs`, `cli/index.ts`), `verbs.test.ts` tests.
 * @param args command line, beginning with the verb.
 */
export function runHere(...args: string[]): Promise<ScriptRun> {
  const found = verbOf(args);
  if (found === undefined) throw new Error(`there is no verb ${args.join(" ")}`);
  const name = args.slice(0, args.length - found.rest.length).join(" ");
  const command = commandOf(name);
  throwAtExit(command);
  const parse = () => command.parseAsync(argumentsOf(found.verb, found.rest), { from: "user" });
  return capture(
    () =>
      new Promise<void>((resolve) => {
        // After `main` has printed an error.
        main(() =>
          parse()
            .catch(codeOfExit)
            .finally(() => setImmediate(resolve)),
        );
      }),
  );
}

/** Lets a command and those below it throw where they would end the process. */
function throwAtExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwAtExit);
}

/** Sets the exit code with which Commander would have ended the process, which has printed its message. */
function codeOfExit(error: unknown): void {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode;
}
