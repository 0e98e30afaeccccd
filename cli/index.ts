import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { reasonOf } from "../config/reason";
import { argumentsOf } from "./arguments";
import { helpAsked, isHelp, unknownVerbText, verbOf, withHelpLast } from "./verbs";

const [node = process.execPath, script = __filename, ...given] = process.argv;
const args = withHelpLast(given);
const found = verbOf(args);
const help = found === undefined ? helpAsked(args) : undefined;

if (found !== undefined) {
  if (found.verb.crds === true && !found.rest.some(isHelp)) setUpCrds();
  // Each module reads the command line itself. Only the requested one is loaded.
  const rest = argumentsOrError(found);
  if (rest !== undefined) {
    process.argv = [node, script, ...rest];
    createRequire(__filename)(found.verb.module);
  }
} else if (help !== undefined) {
  console.log(help);
} else {
  console.error(unknownVerbText(args));
  process.exitCode = 1;
}

/** Returns the arguments of the verb; undefined, with exit code 1, if `--stack` has no value. */
function argumentsOrError({ verb, rest }: NonNullable<typeof found>): string[] | undefined {
  try {
    return argumentsOf(verb, rest);
  } catch (error) {
    console.error(reasonOf(error));
    process.exitCode = 1;
    return undefined;
  }
}

function setUpCrds(): void {
  const command = ["--require", "./bin/typescript.cjs", "local/commands/crds.ts"];
  const { status, error } = spawnSync(process.execPath, command, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
