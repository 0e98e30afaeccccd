import type { Command, CommanderError } from "commander";
import { checkEvent } from "../events/event";
import { placeOf, sendEvents, runAndSendEvents } from "../events/of-commands";
import { checkAll, checkCanary, checkText, evidenceOf, findingsText } from "./check";
import { isStable, needCanary } from "./edits";
import { checkJson, printJson, type CheckJson } from "./json";
import { openApp, printDifferences, valuesOf, type Options } from "./open";
import { StackFile } from "./stack-file";
import { takeTrafficAway } from "./update";

/**
 * Exit codes of checks; a check without a verdict ends with `unchecked`, never with `fail`. A release that is
 * already stable needs no check.
 */
export const checkExitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  unchecked: 3,
  stable: 4,
} as const;

/**
 * Adds the commands `check` and `checks`.
 * @param addReadingCommand adds a command that only shows something.
 * @param canaryText description of the argument that names the canary.
 */
export function addCheckCommands(
  addReadingCommand: (name: string, description: string) => Command,
  canaryText: string,
): void {
  addReadingCommand(
    "check",
    "compares the canary with the stable release; exit code 0 pass, 1 fail, 2 inconclusive, 3 cannot be checked, 4 already stable",
  )
    .exitOverride(exitUnchecked)
    .argument("<app>", "name of the app")
    .argument("[release]", canaryText)
    .option("--dry-run", "does not record the result in the config")
    .option(
      "--update",
      "if the check fails, sets the weight of the canary to 0 and runs the update",
    )
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

  addReadingCommand(
    "checks",
    "compares every canary with its stable release, and records nothing; exit codes as for check",
  )
    .exitOverride(exitUnchecked)
    .action(async (options: Options) => {
      const file = new StackFile(options.stack, ".", options.configFile);
      const results: CheckJson[] = [];
      const verdicts = await checkAll(
        file,
        (app) => openApp(app, options),
        (app, result) => {
          results.push(checkJson(app, result));
          if (options.json !== true) console.log(checkText(app, result));
        },
      );
      if (options.json === true) printJson(results);
      process.exitCode = Math.max(0, ...verdicts.map((verdict) => checkExitCodes[verdict]));
      // A failure is worse than an unknown result.
      if (verdicts.includes("fail")) process.exitCode = checkExitCodes.fail;
    });
}

/** Ends with `unchecked` if the command line is wrong, which is not a failed check. */
function exitUnchecked({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? 0 : checkExitCodes.unchecked);
}
