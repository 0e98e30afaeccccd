/** One verb of the platform's command. */
export interface Verb {
  summary: string;
  /** Module that runs the rest of the command line when it is loaded. */
  module: string;
  /** Whether it declares a stack without a cluster, so that the CRDs must be there. */
  crds?: boolean;
}

/** Every verb by its words, in the order of the help. */
export const verbs: Record<string, Verb> = {
  "local up": {
    summary: "brings the dev stack up on a local cluster",
    module: "../local/commands/local",
  },
  "local down": {
    summary: "destroys the dev stack and removes the local cluster",
    module: "../local/commands/down",
  },
  "local env": {
    summary: "prints the local environment for a shell to evaluate",
    module: "../local/commands/env",
  },
  render: {
    summary: "writes every object of a stack as YAML",
    module: "./render",
    crds: true,
  },
  policy: {
    summary: "checks a stack against the company's rules",
    module: "./policy",
    crds: true,
  },
  preview: { summary: "previews a stack for its merge request", module: "./preview" },
  up: { summary: "applies the plan that was approved", module: "./preview/up" },
  recover: { summary: "repairs the state of a stack after a kill", module: "./recover" },
  release: { summary: "releases an app: canary, weight, promote, rollback", module: "./release" },
  stacks: { summary: "previews, updates and lists many stacks", module: "./stacks" },
};

/** The verb that a command line begins with, and the rest of it; nothing for an unknown one. */
export function verbOf(args: readonly string[]): { verb: Verb; rest: string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(" ");
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb !== undefined) return { verb, rest: args.slice(words) };
  }
  return undefined;
}

/** What `platform --help` prints. */
export function helpText(): string {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length));
  return [
    "Usage: npx platform <verb> [arguments]",
    "",
    ...Object.entries(verbs).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Arguments and exit codes of a verb: npx platform <verb> --help",
    "Example: npx platform preview dev",
  ].join("\n");
}
