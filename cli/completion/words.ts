import { verbs } from "../verbs";
import { options } from "./options";

/** Returns the words that can follow, by the beginning of the command line. */
export function followingWords(): Map<string, string[]> {
  const after = new Map<string, Set<string>>();
  const add = (line: string, word: string) => {
    after.set(line, (after.get(line) ?? new Set()).add(word));
  };
  for (const [name, { commands = [], subcommands = {} }] of Object.entries(verbs)) {
    const words = name.split(" ");
    words.forEach((word, index) => add(words.slice(0, index).join(" "), word));
    for (const command of commands) add(name, command);
    for (const [command, below] of Object.entries(subcommands)) {
      for (const word of below) add(`${name} ${command}`, word);
    }
  }
  return new Map([...after].map(([line, words]) => [line, [...words].sort()]));
}

/** Returns the verbs and commands whose next argument is the name of a stack. */
export function verbsBeforeStack(): string[] {
  return Object.entries(verbs).flatMap(([name, { stack, stackCommands = [] }]) => [
    ...(stack === true ? [name] : []),
    ...stackCommands.map((command) => `${name} ${command}`),
  ]);
}

/** Returns the options of each verb and command, the longest name first. */
export function optionsOf(): [line: string, options: string[]][] {
  const withStack = new Set(verbsBeforeStack());
  const names = new Set([...Object.keys(verbs), ...Object.keys(options), ...withStack]);
  return [...names]
    .sort((a, b) => b.split(" ").length - a.split(" ").length)
    .map((name) => [
      name,
      [...(withStack.has(name) ? ["--stack"] : []), ...(options[name]?.split(" ") ?? []), "--help"],
    ]);
}
