import { expected } from "../config/expected";
import { nearestOf } from "../config/nearest";
import { meanings } from "../local/commands/exit-codes";

/** An option with a value that another one has replaced. It is read until the next release. */
export interface FormerOption {
  name: string;
  now: string;
  /** Values that only the former option has, if its name means something else now. Default: every value. */
  values?: RegExp;
}

/** One verb of the platform's command. */
export interface Verb {
  summary: string;
  /** Module that runs the rest of the command line when it is loaded. */
  module: string;
  /** Whether it declares a stack without a cluster, and therefore needs the CRDs. */
  crds?: boolean;
  /** Whether its first argument is a stack, which `--stack` can also name. */
  stack?: boolean;
  /** Its commands whose first argument is a stack, which `--stack` can also name. */
  stackCommands?: readonly string[];
  /** Former options of it that are still read, with a warning. */
  former?: readonly FormerOption[];
  /** Words that can follow it, for shell completion. */
  commands?: readonly string[];
  /** Words that can follow one of its commands. */
  subcommands?: Readonly<Record<string, readonly string[]>>;
}

/** Every verb by its words, in the order of the help. */
export const verbs: Record<string, Verb> = {
  "local up": {
    summary: "brings the dev stack up on a local cluster",
    module: "../local/commands/local",
  },
  "local down": {
    summary: "destroys the local stacks and removes the local cluster",
    module: "../local/commands/down",
  },
  "local status": {
    summary: "shows which parts of the local cluster run",
    module: "../local/commands/status",
  },
  "local env": {
    summary: "prints the environment of the local cluster for a shell to evaluate",
    module: "../local/commands/env",
  },
  "local cluster": {
    commands: ["start", "status", "stop"],
    summary: "starts, shows or removes a local cluster",
    module: "../local/commands/cluster",
  },
  crds: {
    summary: "fetches the CRDs that the stacks' config names",
    module: "../local/commands/crds",
  },
  render: {
    stack: true,
    summary: "writes every object of a stack as YAML",
    module: "./render",
    crds: true,
  },
  policy: {
    stack: true,
    former: [{ name: "--violations", now: "--report" }],
    summary: "checks a stack against the company's rules",
    module: "./policy",
    crds: true,
  },
  doctor: {
    stack: true,
    summary: "reports what a stack's cluster lacks",
    module: "./doctor",
    crds: true,
  },
  preview: {
    stack: true,
    former: [{ name: "--json", now: "--report", values: /\.json$|\// }],
    summary: "previews a stack for its merge request",
    module: "./preview",
  },
  up: { stack: true, summary: "applies the plan that was approved", module: "./preview/up" },
  recover: {
    stack: true,
    summary: "repairs the state of a stack after an interrupted update",
    module: "./recover",
  },
  release: {
    commands: [
      "status",
      "canary",
      "weight",
      "promote",
      "rollback",
      "unfreeze",
      "history",
      "check",
      "checks",
      "advance",
      "group",
    ],
    subcommands: { group: ["canary", "weight", "promote", "rollback", "status"] },
    summary: "releases an app: canary, weight, promote, rollback",
    module: "./release",
  },
  apps: {
    commands: ["new", "move", "owners", "remove"],
    summary: "creates, moves and removes the files of apps, and assigns their owners",
    module: "./apps",
  },
  versions: {
    commands: ["pin"],
    summary: "pins the digests of images",
    module: "./versions",
  },
  charts: {
    commands: ["update", "check", "digest"],
    stackCommands: ["update", "check"],
    summary: "renders charts and kustomizations of a stack",
    module: "./charts",
  },
  config: {
    commands: ["explain", "set", "unset", "schema", "reference", "environments"],
    stackCommands: ["set", "unset"],
    summary: "explains, sets and documents the config's keys",
    module: "./config",
  },
  stacks: {
    commands: ["list", "preview", "up", "pipeline", "summary", "owners", "query"],
    summary: "previews, updates, lists and queries many stacks",
    module: "./stacks",
  },
  "cluster plan": {
    summary: "writes what each machine of a cluster needs",
    module: "./cluster/plan",
  },
  "events send": {
    stack: true,
    summary: "sends the release events of a plain pulumi up",
    module: "./events",
  },
  board: { summary: "writes an HTML page of all apps in all environments", module: "./board" },
  "plugins official": {
    summary: "links the official plugins, to run the tests with them",
    module: "../local/commands/official-plugins",
  },
  "plugins compare": {
    summary: "compares the local plugins with the official ones",
    module: "../local/compare",
  },
  completion: {
    summary: "prints a completion script for a shell",
    module: "./completion",
    commands: ["bash", "zsh", "fish"],
  },
  bench: { summary: "measures previews, updates and releases", module: "../bench" },
};

/** Returns the verb at the beginning of a command line, and the rest of it; undefined for an unknown verb. */
export function verbOf(args: readonly string[]): { verb: Verb; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb !== undefined) return { verb, rest: args.slice(words) };
  }
  return undefined;
}

/** Returns a command line with `help <verb>` as `<verb> --help`. */
export function withHelpLast([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return first === "help" ? [...rest, "--help"] : [first, ...rest];
}

/** Whether an argument asks for help. */
export function isHelp(arg: string): boolean {
  return ["--help", "-h"].includes(arg);
}

/** Returns the help that a command line without a verb asks for; undefined if it asks for none. */
export function helpAsked([word = "", option = ""]: readonly string[]): string | undefined {
  if (isHelp(word)) return helpText();
  return isHelp(option) && verbsBelow(word).length > 0 ? helpText(word) : undefined;
}

/** Returns the names of the verbs that begin with a word, if it is no verb itself. */
function verbsBelow(word: string): string[] {
  return Object.keys(verbs).filter((name) => name.startsWith(`${word} `));
}

/**
 * Returns the text of `platform --help`.
 * @param word limits it to the verbs that begin with this word.
 */
export function helpText(word?: string): string {
  const names = word === undefined ? Object.keys(verbs) : verbsBelow(word);
  const width = Math.max(...names.map((name) => name.length));
  return [
    `Usage: npx platform ${word === undefined ? "<verb>" : `${word} <verb>`} [arguments]`,
    "",
    ...names.map((name) => `  ${name.padEnd(width)}  ${verbs[name]?.summary}`),
    "",
    "Arguments, examples and exit codes of a verb: npx platform <verb> --help",
    "A <file> or a <dir> is a path from the folder in which you type the command; without one, it is in the checkout.",
    ...(word === undefined
      ? [
          "Every verb that works on a stack accepts it as --stack <name>; if its usage says <stack>, also as that argument.",
          "Example: npx platform preview dev",
          "",
          "Exit codes:",
          ...Object.entries(meanings).map(([code, meaning]) => `  ${code}  ${meaning}`),
        ]
      : []),
  ].join("\n");
}

/** Returns the message for a command line that begins with no verb, with the verbs that there are. */
export function unknownVerbText(args: readonly string[]): string {
  const [first = "", second] = args.filter((arg) => !arg.startsWith("-"));
  const isBeginning = verbsBelow(first).length > 0;
  const got = isBeginning && second !== undefined ? `${first} ${second}` : first;
  const nearest = nearestOf(got, Object.keys(verbs));
  const next = nearest === undefined ? undefined : `did you mean "${nearest}"?`;
  const message = expected("one of those below", JSON.stringify(got), next);
  return `verb: ${message}\n\n${helpText(isBeginning ? first : undefined)}`;
}
