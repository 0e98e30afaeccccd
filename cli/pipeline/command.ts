import { availableParallelism } from "node:os";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Option } from "commander";
import { firstLineOf } from "../../config/reason";
import { pulumiEngine } from "../../engine/runs";
import { declare } from "../stacks/declared";
import type { StackEntry } from "../stacks/discover";
import { programHash } from "../stacks/inputs";
import { runStacks } from "../stacks/run";
import { concernedStacks } from "./changes";
import { childPipelines, modes, parentPipeline, type Mode } from "./gitlab";
import { chunks, inOrder, sequenceMatrices, sequencesOf } from "./order";
import type { VerbCommand } from "../../local/commands/verb-command";

interface Options {
  filter?: string;
  configDir?: string;
  mode: Mode;
  format: "gitlab" | "github" | "json" | "needs";
  base?: string;
  changed?: boolean;
  all?: boolean;
  except: string[];
  out?: string;
}

const note = `
A change concerns the stacks whose file, app files or config folders differ from the base commit, and every stack if the
program changed. With --mode update, the base commit of a stack is the one that was last applied to it, according to GitLab
or GitHub; if that is unknown, the stack is concerned. With --changed, a change concerns only those that declare something
different from their last successful run.
The jobs of a stack run one at a time, and a platform stack is updated before the stacks that read it.`;

/**
 * Adds the options of `stacks pipeline` to its command.
 * @param folder folder that contains what the stacks declared at their last successful runs.
 */
export function pipelineCommand(
  command: VerbCommand,
  folder: string,
  entriesOf: (options: { filter?: string; configDir?: string }) => StackEntry[],
): void {
  command
    .addOption(
      new Option("--mode <mode>", "what to do with each stack")
        .choices(Object.keys(modes))
        .default("preview"),
    )
    .addOption(
      new Option(
        "--format <format>",
        "GitLab's child pipeline, lists of names for GitHub's matrices, one list of names, or each name with the stacks to update before it",
      )
        .choices(["gitlab", "github", "json", "needs"])
        .default("gitlab"),
    )
    .option(
      "--base <commit>",
      "commit before the change; default: with --mode update the last applied one, otherwise from the variables of the CI system",
    )
    .option(
      "--changed",
      "skips stacks that declare the same as at their last successful run; uses the engine",
    )
    .option("--all", "every stack, for scheduled jobs")
    .option("--except <stacks...>", "stacks to skip, such as those of developers' computers", [
      "dev",
    ])
    .option(
      "--out <file>",
      "writes to this file instead of the standard output; further pipelines of GitLab are written next to it",
    )
    .addHelpText("after", note)
    .examples(
      [
        "npx platform stacks pipeline --mode preview --out stacks.yml",
        "GitLab's child pipeline of a merge request",
      ],
      [
        "npx platform stacks pipeline --mode update --out stacks.yml",
        "the same on the default branch",
      ],
      [
        "npx platform stacks pipeline --format github",
        "lists of at most 256 names, each a matrix of GitHub",
      ],
      [
        "npx platform stacks pipeline --format github --mode update",
        "sequences of rounds of such lists, one after the other",
      ],
      [
        "npx platform stacks pipeline --format needs",
        "each stack with those to update first, for Jenkins",
      ],
      ["npx platform stacks pipeline --format json", "names of the stacks, for other systems"],
    )
    .action(async (options: Options) => {
      const entries = entriesOf(options).filter(({ name }) => !options.except.includes(name));
      const concerned = options.all === true ? entries : await concernedStacks(entries, options);
      const found = options.changed === true ? await stacksToRun(concerned, folder) : concerned;
      write(options, found);
      console.error(`the change concerns ${found.length} of ${entries.length} stacks`);
    });
}

/** Writes the list, or the pipelines: further ones to files next to the first one, with its name and a number. */
function write({ format, mode, out }: Options, found: StackEntry[]): void {
  const texts =
    format === "gitlab"
      ? [...childPipelines(mode, found, parentPipeline(), { file: out && basename(out) })]
      : [[out && basename(out), listOf(format, mode, found)] as const];
  if (out === undefined && texts.length > 1) {
    throw new Error(
      `--out: expected a file, got none: the jobs of ${found.length} stacks need ${texts.length} files`,
    );
  }
  for (const [file = "", text] of texts) {
    if (out === undefined) process.stdout.write(text);
    else writeFileSync(join(dirname(out), file), text);
  }
}

/** Returns the names of the stacks in the format of a CI system. */
function listOf(format: Options["format"], mode: Mode, found: StackEntry[]): string {
  const names = found.map(({ name }) => name);
  if (format === "json") return `${JSON.stringify(names)}\n`;
  if (format === "needs") {
    const needs = inOrder(found).map(([{ name }, all]) => [name, all.map((each) => each.name)]);
    return `${JSON.stringify(Object.fromEntries(needs))}\n`;
  }
  const matrices = mode === "update" ? sequenceMatrices(sequencesOf(found)) : chunks(names);
  return `${JSON.stringify(matrices)}\n`;
}

/** Returns the stacks for which a run with --changed would start the engine; all of them if the state cannot be read. */
async function stacksToRun(entries: StackEntry[], folder: string): Promise<StackEntry[]> {
  try {
    return await changedStacks(entries, folder);
  } catch (error) {
    const reason = firstLineOf(error);
    console.error(`--changed skips no stack: ${reason}`);
    return entries;
  }
}

/** Returns the stacks that a run with --changed would not skip, without running them. */
async function changedStacks(entries: StackEntry[], folder: string): Promise<StackEntry[]> {
  const outcomes = await runStacks(entries, {
    verb: "preview",
    changed: true,
    parallel: availableParallelism(),
    program: programHash(),
    namedFiles: false,
    folder,
    // The failure prevents this run from being stored as a successful one.
    engine: { ...pulumiEngine, run: () => Promise.resolve({ code: 1, stdout: "", output: "" }) },
    declare,
    onDone: () => undefined,
  });
  const left = new Set(
    outcomes.filter(({ status }) => status === "skipped").map(({ stack }) => stack),
  );
  return entries.filter(({ name }) => !left.has(name));
}
