import type { FormerOption, Verb } from "./verbs";

/**
 * Returns the arguments of a verb as its module reads them: a stack that `--stack <name>` names is the first argument
 * of the verb or of its command, and former options have their present names.
 * @param warn gets a message for each former option.
 * @throws Error if `--stack` has no value.
 */
export function argumentsOf(
  { stack, stackCommands = [], former = [] }: Pick<Verb, "stack" | "stackCommands" | "former">,
  args: readonly string[],
  warn: (text: string) => void = console.error,
): string[] {
  const present = withPresentNames(former, args, warn);
  if (stack === true) return withStackFirst(present);
  const [command, ...rest] = present;
  return command !== undefined && stackCommands.includes(command)
    ? [command, ...withStackFirst(rest)]
    : present;
}

function withPresentNames(
  former: readonly FormerOption[],
  args: readonly string[],
  warn: (text: string) => void,
): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.map((arg, at) => {
    const [name = "", inline] = split(arg);
    const value = inline ?? args[at + 1];
    const option = former.find((each) => each.name === name);
    if (option === undefined || value === undefined || at >= end) return arg;
    const { now, values } = option;
    if (value.startsWith("-") || values?.test(value) === false) return arg;
    warn(
      `${name} ${value}: expected ${now} ${value}, got the option's former name, which the next release no longer reads`,
    );
    return inline === undefined ? now : `${now}=${inline}`;
  });
}

function withStackFirst(args: readonly string[]): string[] {
  const at = args.findIndex((arg) => /^(-s|--stack)(=|$)/.test(arg));
  if (at < 0 || (args.indexOf("--") >= 0 && args.indexOf("--") < at)) return [...args];
  const [, inline] = split(args[at] ?? "");
  const stack = inline ?? args[at + 1];
  if (stack === undefined || stack === "" || (inline === undefined && stack.startsWith("-"))) {
    throw new Error("--stack: expected the name of a stack, got none");
  }
  return [stack, ...args.slice(0, at), ...args.slice(at + (inline === undefined ? 2 : 1))];
}

/** Returns the name of an option, and the value behind its equals sign. */
function split(arg: string): [name: string, inline?: string] {
  const [, name = arg, inline] = /^([^=]+)=(.*)$/s.exec(arg) ?? [];
  return inline === undefined ? [name] : [name, inline];
}
