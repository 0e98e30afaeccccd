import type { CommanderError } from "commander";
import { exitCodes } from "../../local/commands/exit-codes";
import { checkEvent } from "../events/event";
import { placeOf, sendEvents, runAndSendEvents } from "../events/of-commands";
import { checkAll, checkCanary, checkText, evidenceOf, findingsText } from "./check";
import { isStable, needCanary } from "./edits";
import { checkJson, printJson, type CheckJson } from "./json";
import { openApp, printDifferences, valuesOf, type Options } from "./open";
import { StackFile } from "./stack-file";
import { takeTrafficAway } from "./update";
import type { VerbCommand } from "../../local/commands/verb-command";

/**
 * Exit codes of checks; a check without a verdict ends with `unchecked`, never with `fail`. A release that is
 * already stable needs no check.
 */
export const checkExitCodes = {
  pass: exitCodes.done,
  fail: exitCodes.failed,
  inconclusive: exitCodes.early,
  unchecked: exitCodes.undecided,
  stable: exitCodes.already,
} as const;

/** What they mean. */
const verdicts = {
  0: "pass",
  1: "fail: the canary is worse than the rules allow, and nothing else",
  2: "inconclusive: too few requests yet; check again later",
  3: "cannot be checked, for any reason, a wrong command line among them",
};

/**
 * Adds the commands `check` and `checks`.
 * @param addReadingCommand adds a command that only shows something.
 * @param canaryText description of the argument that names the canary.
 */
export function addCheckCommands(
  addReadingCommand: (name: string, description: string) => VerbCommand,
  canaryText: string,
): void {
  addReadingCommand(
    "check",
    "compares the canary with the stable release, and records the result in the config",
  )
    .exitOverride(exitUnchecked)
    .argument("<app>", "name of the app")
    .argument("[release]", canaryText)
    .option("--dry-run", "does not record the result in the config")
    .option(
      "--update",
      "if the check fails, sets the weight of the canary to 0 and runs the update",
    )
    .examples("npx platform release check shop --stack prod", [
      "npx platform release check shop 1.5.0 --stack prod --dry-run --json",
      "only this canary, and records nothing",
    ])
    .exitCodes({ ...verdicts, 4: "the release that is named is already stable" })
    .action(async (app: string, release: string | undefined, options: Options) => {
      const context = await openApp(app, options);
      if (release !== undefined && isStable(context, release)) {
        if (options.json === true) printJson({ app, verdict: "stable" } satisfies CheckJson);
        else
          console.log(`${release} of app "${app}" is already stable; there is nothing to check.`);
        process.exitCode = checkExitCodes.stable;
        return;
      }
      if (release !== undefined) needCanary(context, release);
      printDifferences(context);
      const result = await checkCanary(context);
      if (result === undefined) {
        throw new Error(
          `App "${app}" cannot be checked: expected a canary and a Prometheus, got none; start a canary, and declare monitoring or set platform:releases.prometheus.`,
        );
      }
      if (options.json === true) printJson(checkJson(app, result));
      else console.log(findingsText(result));
      if (options.dryRun !== true) {
        const evidence = evidenceOf(context, result);
        context.file.setCheck(app, evidence);
        context.file.save();
        await sendEvents(valuesOf(context), [
          checkEvent(placeOf(valuesOf(context), context.stack, app), evidence),
        ]);
      }
      if (result.verdict === "fail" && options.update === true) {
        await runAndSendEvents(
          context,
          () => valuesOf(context),
          () => takeTrafficAway(context),
        );
      }
      process.exitCode = checkExitCodes[result.verdict];
    });

  addReadingCommand("checks", "compares every canary with its stable release, and records nothing")
    .examples(
      "npx platform release checks --stack prod",
      "npx platform release checks --stack prod --json",
    )
    .exitCodes({ ...verdicts, 0: "every canary passes, or there is none", 1: "a canary fails" })
    .exitOverride(exitUnchecked)
    .action(async (options: Options) => {
      const file = new StackFile(options.stack, ".", options.configFile);
      const results: CheckJson[] = [];
      const found = await checkAll(
        file,
        (app) => openApp(app, options),
        (app, result) => {
          results.push(checkJson(app, result));
          if (options.json !== true) console.log(checkText(app, result));
        },
      );
      if (options.json === true) printJson(results);
      process.exitCode = Math.max(0, ...found.map((verdict) => checkExitCodes[verdict]));
      // A failure is worse than an unknown result.
      if (found.includes("fail")) process.exitCode = checkExitCodes.fail;
    });
}

/** Ends with `unchecked` if the command line is wrong, which is not a failed check. */
function exitUnchecked({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : checkExitCodes.unchecked);
}
