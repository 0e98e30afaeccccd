import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { discover } from "./discover";
import { pulumiEngine, type Verb } from "../../engine/runs";
import { programHash } from "./inputs";
import { listing, progressLine, summary } from "./report";
import { logFile, runStacks } from "./run";

interface Options {
  changed?: boolean;
  parallel: number;
  filter?: string;
  configDir?: string;
}

/** Logs, and what is remembered of each stack's last successful run; git ignores it. */
const folder = join(".local", "stacks");

const program = new Command("stacks")
  .description("Lists, previews or updates many stacks of this project, several at a time.")
  .showHelpAfterError();

filtered("list", "lists the stacks that have a file").action((options: Options) => {
  console.log(listing(entriesOf(options)));
});
running("preview", "previews each stack");
running("up", "updates each stack, without asking");

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

function filtered(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option("--filter <text>", "only stacks whose names hold this text")
    .option("--config-dir <folder>", "folder of the stacks' files; the project's own without it");
}

function running(verb: Verb, description: string): void {
  filtered(verb, description)
    .option("--changed", "leaves out stacks whose inputs are those of their last successful run")
    .option("--parallel <n>", "stacks at a time", atLeastOne, availableParallelism())
    .action((options: Options) => runAll(verb, options));
}

async function runAll(verb: Verb, options: Options): Promise<void> {
  const entries = entriesOf(options);
  let stopped = false;
  // The engines get the signal of the terminal, too, and end by themselves. A second one ends this.
  process.once("SIGINT", () => {
    stopped = true;
    console.error("stopping: no further stack is started; what runs is waited for");
  });
  let done = 0;
  const outcomes = await runStacks(entries, {
    verb,
    changed: options.changed === true,
    parallel: options.parallel,
    program: programHash(),
    namedFiles: options.configDir !== undefined,
    folder,
    engine: pulumiEngine,
    onDone: (outcome) => {
      done += 1;
      console.log(progressLine(done, entries.length, verb, outcome));
    },
    stopped: () => stopped,
  });
  console.log(`\n${summary(outcomes, (stack) => logFile(folder, stack))}`);
  if (stopped || outcomes.some(({ status }) => status === "failed")) process.exitCode = 1;
}

function entriesOf({ configDir = ".", filter = "" }: Options) {
  const entries = discover(configDir, filter);
  if (entries.length === 0) {
    const named = filter === "" ? "" : ` whose name holds "${filter}"`;
    throw new Error(`There is no file Pulumi.<stack>.yaml${named} in ${configDir}.`);
  }
  return entries;
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Allowed is a whole number from 1.");
  return Number(text);
}
