import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { InvalidConfig, parseStack, ProgramError } from "../../config";
import type { ConfigError } from "../../config/errors";
import { stackFileConfig } from "../../config/stack-file";
import { platformValues } from "../../config/yaml";
import { replaceFile } from "../../local/toolchain/replace-file";
import { packageEntries, type PackageEntry } from "../../program/charts/entries";
import {
  needsRendering,
  renderingFile,
  renderingText,
  updateCommand,
} from "../../program/charts/lock";
import { checkObjects } from "../../program/charts/problems";
import { fetchDigest } from "./package";
import { renderPackage } from "./render";

interface Options {
  configDir: string;
}

/** Returns the charts and kustomizations of a stack with these names, or all of them. */
function selectedEntries(
  stack: string,
  names: readonly string[],
  { configDir }: Options,
): PackageEntry[] {
  const config = parseStack(stack, platformValues(stackFileConfig(stack, configDir)));
  const all = packageEntries(stack, config).filter(needsRendering);
  const known = all.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ProgramError(
      `expected a chart or a kustomization of stack ${stack} (${known.join(", ") || "it has none"}), got ${unknown}`,
    );
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Removes the renderings of charts and kustomizations that the stack no longer has. */
function removeOthers(stack: string, options: Options): void {
  const known = selectedEntries(stack, [], options).map(({ name }) => name);
  const folder = join("rendered", stack);
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) {
    if (known.includes(file.replace(/\.json$/, ""))) continue;
    rmSync(join(folder, file));
    console.log(
      `${folder}/${file}: removed, because the stack has no chart or kustomization of that name`,
    );
  }
}

/** Renders the selected charts and kustomizations, and reports the errors of all of them together. */
async function renderEach(
  stack: string,
  names: readonly string[],
  options: Options,
  use: (entry: PackageEntry, text: string) => void,
): Promise<void> {
  const errors: ConfigError[] = [];
  for (const entry of selectedEntries(stack, names, options)) {
    try {
      const { objects: raw, notes } = await renderPackage(entry);
      const { objects, problems } = checkObjects(entry, raw);
      errors.push(...problems);
      if (problems.length > 0) continue;
      for (const note of notes) console.log(`${entry.key}: ${note}`);
      use(entry, renderingText(entry, objects));
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      errors.push({ key: entry.key, message: error.message });
    }
  }
  if (errors.length > 0) throw new InvalidConfig(stack, errors);
}

function write(entry: PackageEntry, text: string): void {
  const file = renderingFile(entry);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before === text) {
    console.log(`${shownPath(file)}: unchanged`);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, text);
  console.log(`${shownPath(file)}: written; commit it`);
}

function compare(entry: PackageEntry, text: string): void {
  const file = renderingFile(entry);
  if (existsSync(file) && readFileSync(file, "utf8") === text) {
    console.log(`${file}: matches the rendering of ${entry.key}`);
    return;
  }
  console.error(`${file}: differs from the rendering of ${entry.key}; run ${updateCommand(entry)}`);
  process.exitCode = 1;
}

const program = new Command("npx platform charts")
  .description("Renders the charts and kustomizations of a stack into the repository.")
  .showHelpAfterError();

rendering("update", "renders, and writes rendered/<stack>/<name>.json").action(
  async (stack: string, names: string[], options: Options) => {
    await renderEach(stack, names, options, write);
    if (names.length === 0) removeOthers(stack, options);
  },
);
rendering(
  "check",
  "renders and compares; exit code 1: a committed file differs from the rendering",
).action((stack: string, names: string[], options: Options) =>
  renderEach(stack, names, options, compare),
);
program
  .command("digest")
  .description("fetches a package and prints its digest")
  .argument("<repository>", "https://… or oci://…")
  .argument("<chart>", "name of the chart")
  .argument("<version>", "its version")
  .action(async (repository: string, chart: string, version: string) => {
    console.log(await fetchDigest({ repository, chart, version }, process.env));
  });

runVerb(program);

function rendering(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<stack>", "name of the stack, for example dev")
    .argument("[names...]", "charts or manifests; default: all")
    .option("--config-dir <dir>", "folder of the stacks' files", ".");
}
