import { createRequire } from "node:module";
import { join } from "node:path";
import { Command } from "commander";
import { verbs } from "../../cli/verbs";
import { checkout } from "../../local/toolchain/paths";

const load = createRequire(__filename);
const known = new Map<string, Command>();

/**
 * Returns the command of a verb as its module defines it, without a process for it: the module is loaded while no
 * command line is parsed.
 * @throws Error if the verb has no module, or the module parses no command line.
 */
export function commandOf(verb: string): Command {
  const found = known.get(verb);
  if (found !== undefined) return found;
  const made = loaded(verb);
  known.set(verb, made);
  return made;
}

function loaded(verb: string): Command {
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
  if (command === undefined) throw new Error(`${module} parses no command line`);
  return command;
}

/**
 * Returns the help of a command as `npx platform <verb> <words> --help` prints it.
 * @throws Error if one of the words is no command.
 */
export function helpOf(verb: string, ...words: string[]): string {
  let command = commandOf(verb);
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) throw new Error(`${verb}: there is no command "${word}"`);
    command = next;
  }
  const printed: string[] = [];
  const output = command.configureOutput();
  command.configureOutput({ ...output, writeOut: (text) => void printed.push(text) });
  command.outputHelp();
  command.configureOutput(output);
  return printed.join("");
}
