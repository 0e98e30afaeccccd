import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { pipelineCommand } from "../pipeline/command";
import { ownersCommand } from "../owners/command";
import { queryCommand } from "../fleet/query-command";
import { addSummaryOptions } from "../summary/command";
import { withStackEvents } from "../events/of-stacks";
import { repeatChecksOf } from "./checks";
import { declare } from "./declared";
import { discover, type StackEntry } from "./discover";
import type { Outcome } from "./outcome";
import type { Verb } from "../../engine/runs";
import { holdSignals } from "../../engine/signals";
import { programHash } from "./inputs";
import { listing, listingJson, outcomesJson, progressLine, summary } from "./report";
import { logFile, runStacks } from "./run";
import { warmEngine } from "./warm/engine";
import { WarmPrograms } from "./warm/programs";

interface Options {
  changed?: boolean;
  parallel: number;
  filter?: string;
  configDir?: string;
  json?: boolean;
}

/** Folder of logs and of notes about each stack's last update; git ignores it. */
const folder = join(".local", "stacks");

const program = new VerbCommand("npx platform stacks").description(
  "Lists, previews or updates many stacks of this project, several at a time.",
);

addFilteredCommand("list", "lists the stacks that have a file")
  .option("--json", "prints JSON instead of a table")
  .examples("npx platform stacks list", "npx platform stacks list --filter commerce --json")
  .action((options: Options) => {
    const entries = entriesOf(options);
    console.log(options.json === true ? listingJson(entries) : listing(entries));
  });
addRunCommand("preview", "previews each stack").examples("npx platform stacks preview", [
  "npx platform stacks preview --changed",
  "those that declare something different from their last run",
]);
addRunCommand("up", "updates each stack, without asking").examples([
  "npx platform stacks up --changed --filter commerce",
  'the changed ones whose names contain "commerce"',
]);
pipelineCommand(
  addFilteredCommand("pipeline", "writes the jobs of the stacks that a change concerns"),
  folder,
  entriesOf,
);
addSummaryOptions(program.command("summary"));
ownersCommand(program.command("owners"));
queryCommand(addFilteredCommand("query", "finds apps of all stacks"), folder, entriesOf);

runVerb(program);

function addFilteredCommand(name: string, description: string): VerbCommand {
  return program
    .command(name)
    .description(description)
    .option("--filter <text>", "only stacks whose names contain this text")
    .option("--config-dir <dir>", "folder of the stacks' files; default: the project's folder");
}

function addRunCommand(verb: Verb, description: string): VerbCommand {
  return addFilteredCommand(verb, description)
    .option("--changed", "skips stacks that declare the same as at their last successful run")
    .option("--parallel <n>", "stacks at a time", atLeastOne, availableParallelism())
    .option("--json", "prints the results as JSON; progress goes to standard error")
    .exitCodes({
      0: "every stack succeeded or was skipped",
      1: "one failed, or the run was stopped",
    })
    .action((options: Options) => runAll(verb, options));
}

async function runAll(verb: Verb, options: Options): Promise<void> {
  const entries = entriesOf(options);
  let stopped = false;
  // The engines are asked to stop, too.
  const outcomes = await holdSignals(
    () => run(entries, verb, options, () => stopped),
    () => {
      if (!stopped)
        console.error("stopping: no further stack is started; waiting for the running ones");
      stopped = true;
    },
  );
  const logOf = (stack: string) => logFile(folder, stack);
  console.log(
    options.json === true ? outcomesJson(outcomes, logOf) : `\n${summary(outcomes, logOf)}`,
  );
  if (stopped || outcomes.some(({ status }) => status === "failed")) process.exitCode = 1;
}

function run(
  entries: StackEntry[],
  verb: Verb,
  options: Options,
  stopped: () => boolean,
): Promise<Outcome[]> {
  let done = 0;
  const programs = new WarmPrograms();
  return runStacks(entries, {
    verb,
    changed: options.changed === true,
    parallel: options.parallel,
    program: programHash(),
    namedFiles: options.configDir !== undefined,
    folder,
    engine: warmEngine(programs),
    declare,
    checks: repeatChecksOf,
    events: withStackEvents,
    onFileless: (stacks) => {
      // A selection of stacks says nothing about the others.
      if (options.filter !== undefined || options.configDir !== undefined) return;
      for (const stack of stacks)
        console.error(
          `Stack ${stack} is in the backend and has no file: expected Pulumi.${stack}.yaml; write it, or destroy the stack and remove it: pulumi destroy --remove --stack ${stack}`,
        );
    },
    onDone: (outcome) => {
      done += 1;
      const print = options.json === true ? console.error : console.log;
      print(progressLine(done, entries.length, verb, outcome));
    },
    stopped,
  }).finally(() => programs.close());
}

function entriesOf({ configDir = ".", filter = "" }: Pick<Options, "configDir" | "filter">) {
  const entries = discover(configDir, filter);
  if (entries.length === 0) {
    const named = filter === "" ? "" : ` whose name contains "${filter}"`;
    throw new Error(`${configDir} has no file Pulumi.<stack>.yaml${named}.`);
  }
  return entries;
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1.");
  return Number(text);
}
