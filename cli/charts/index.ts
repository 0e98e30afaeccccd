import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { shownPath } from "../../local/commands/caller";
import { exitCodes } from "../../local/commands/exit-codes";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
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
  json?: boolean;
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
      const print = options.json === true ? console.error : console.log;
      for (const note of notes) print(`${entry.key}: ${note}`);
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

/** Prints whether the committed file of each chart and kustomization is its rendering, and sets the exit code. */
async function check(stack: string, names: string[], options: Options): Promise<void> {
  const compared: { key: string; file: string; matches: boolean }[] = [];
  await renderEach(stack, names, options, (entry, text) => {
    const [{ key }, file] = [entry, renderingFile(entry)];
    const matches = existsSync(file) && readFileSync(file, "utf8") === text;
    compared.push({ key, file, matches });
    if (!matches) {
      console.error(`${file}: differs from the rendering of ${key}; run ${updateCommand(entry)}`);
      process.exitCode = exitCodes.failed;
    } else if (options.json !== true) console.log(`${file}: matches the rendering of ${key}`);
  });
  if (options.json === true) console.log(JSON.stringify(compared, undefined, 2));
}

const program = new VerbCommand("npx platform charts").description(
  "Renders the charts and kustomizations of a stack into the repository.",
);

addRendering("update", "renders, and writes rendered/<stack>/<name>.json")
  .examples("npx platform charts update dev", "npx platform charts update dev ingress-metrics")
  .action(async (stack: string, names: string[], options: Options) => {
    await renderEach(stack, names, options, write);
    if (names.length === 0) removeOthers(stack, options);
  });
addRendering("check", "compares the committed renderings with new ones")
  .option("--json", "prints JSON instead of text")
  .examples("npx platform charts check dev", "npx platform charts check dev --json")
  .exitCodes({
    0: "every committed file is its rendering",
    1: "a committed file differs from the rendering, or something cannot be rendered",
  })
  .action(check);
program
  .command("digest")
  .description("fetches a package, and prints nothing but its digest")
  .argument("<repository>", "https://… or oci://…")
  .argument("<chart>", "name of the chart")
  .argument("<version>", "its version")
  .examples("npx platform charts digest https://charts.jetstack.io cert-manager 1.19.1")
  .action(async (repository: string, chart: string, version: string) => {
    console.log(await fetchDigest({ repository, chart, version }, process.env));
  });

runVerb(program);

function addRendering(name: string, description: string): VerbCommand {
  return program
    .command(name)
    .description(description)
    .argument("<stack>", "name of the stack, for example dev")
    .argument("[names...]", "charts or manifests; default: all")
    .option("--config-dir <dir>", "folder of the stacks' files", ".");
}
