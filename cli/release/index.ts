import { shownPath } from "../../local/commands/caller";
import { runVerb } from "../../local/commands/main";
import { VerbCommand } from "../../local/commands/verb-command";
import { holdSignals } from "../../engine/signals";
import { refusedEvent } from "../events/event";
import { placeOf, sendEvents, runAndSendEvents } from "../events/of-commands";
import { RefusedReleases } from "../../program/releases";
import { advance, advancedText, advanceEach, commitMessage } from "./advance";
import { checkAgain } from "./check";
import { addCheckCommands, checkExitCodes } from "./check-commands";
import { assertCommitted, commit } from "./commit";
import type { Context } from "./context";
import { edits, isStable, needCanary } from "./edits";
import { groupCommand } from "./group";
import { historyLines } from "./history";
import { historyJson, printJson, statusJson } from "./json";
import { percent, whole } from "./numbers";
import { openApp, show, valuesOf, type Options } from "./open";
import { StackFile } from "./stack-file";
import { updateOrRevert } from "./update";

const note =
  "\nEach command edits the file of the app, which a merge request then reviews; with --update it also runs the update.";

/** Description of the argument that names the canary. */
const canaryText = "key of the canary, for example 1.5.0; any other canary is refused";

const program = new VerbCommand("npx platform release")
  .description("Releases an app by editing the file that declares it, for a merge request.")
  .addHelpText("after", note);

addReadingCommand(
  "status",
  "shows which share of the requests each release gets, or of the pods of a worker",
)
  .argument("<app>", "name of the app")
  .examples(
    "npx platform release status shop --stack prod",
    "npx platform release status shop --stack prod --json",
  )
  .action(async (app: string, options: Options) => {
    const context = await openApp(app, options);
    if (options.json === true) printJson(statusJson(context));
    else show(context);
  });

addCommand("canary", "starts a canary", true)
  .argument("<app>", "name of the app")
  .argument("<version>", "version of the image, for example 1.5.0")
  .option(
    "-w, --weight <percent>",
    "share of the requests, or of the pods of a worker; default: 0",
    percent,
  )
  .option(
    "-d, --digest <digest>",
    "digest of the image, such as sha256:…; default: none, so the tag decides",
  )
  .option(
    "-r, --revision <number>",
    "number of this release of the version; increase it to release the same version again with another configuration",
    whole,
    1,
  )
  .examples("npx platform release canary shop 1.5.0 --weight 5 --stack prod", [
    "npx platform release canary shop 1.5.0 --revision 2 --stack prod",
    "with other settings",
  ])
  .action(
    (
      app: string,
      version: string,
      options: Options & { weight?: number; revision: number; digest?: string },
    ) =>
      change(app, options, (context) =>
        edits.canary(
          context,
          { version, revision: options.revision, digest: options.digest },
          options.weight,
        ),
      ),
  );

addCommand(
  "weight",
  "gives the canary another share of the requests, or of the pods of a worker",
  true,
)
  .argument("<app>", "name of the app")
  .argument("<percent>", "share of the canary, a whole number from 0 to 100", percent)
  .examples("npx platform release weight shop 25 --stack prod", [
    "npx platform release weight shop 25 --stack prod --dry-run",
    "only shows what would change",
  ])
  .action((app: string, weight: number, options: Options) =>
    change(app, options, (context) => edits.weight(context, weight)),
  );

addCommand("promote", "makes the canary stable", true)
  .argument("<app>", "name of the app")
  .argument("[release]", canaryText)
  .examples("npx platform release promote shop --stack prod", [
    "npx platform release promote shop 1.5.0 --stack prod",
    "only this canary",
  ])
  .action((app: string, release: string | undefined, options: Options) =>
    change(app, options, async (context) => {
      if (release !== undefined && isStable(context, release)) {
        console.log(`${release} of app "${app}" is already stable.`);
        return;
      }
      if (release !== undefined) needCanary(context, release);
      await checkAgain(context);
      edits.promote(context, release);
    }),
  );

addCommand("rollback", "ends the canary, or goes back to a kept release", true)
  .argument("<app>", "name of the app")
  .argument("[release]", "key of the kept release, for example 1.4.2")
  .option("--now", "does not wait for the pods that the share needs; prints what that risks")
  .examples("npx platform release rollback shop --stack prod --update", [
    "npx platform release rollback shop 1.4.2 --stack prod",
    "to this kept release, by a merge request",
  ])
  .action((app: string, to: string | undefined, options: Options & { now?: boolean }) =>
    change(app, options, (context) => edits.rollback(context, to, options.now), true),
  );

addCommand("unfreeze", "lifts the app's own freeze", true)
  .argument("<app>", "name of the app")
  .examples("npx platform release unfreeze shop --stack prod")
  .action((app: string, options: Options) => change(app, options, edits.unfreeze));

addReadingCommand("history", "lists promotions, rollbacks, overrides and the steps of canaries")
  .argument("<app>", "name of the app")
  .examples("npx platform release history shop --stack prod")
  .action(async (app: string, options: Options) => {
    const { record } = await openApp(app, options);
    if (options.json === true) printJson(historyJson(record));
    else for (const line of historyLines(record)) console.log(line);
  });

addCheckCommands(addReadingCommand, canaryText);

addCommand(
  "advance",
  "takes the next step of the canary of an app, or with --all of every app that has steps",
)
  .argument("[app]", "name of the app")
  .option("--all", "all apps of the stack that have steps")
  .option("--commit", "commits the file, with the numbers of the checks in the message")
  .examples("npx platform release advance shop --stack prod", [
    "npx platform release advance --all --commit --stack prod",
    "in a scheduled job",
  ])
  .action(
    async (app: string | undefined, options: Options & { all?: boolean; commit?: boolean }) => {
      const file = new StackFile(options.stack, ".", options.configFile);
      const apps = options.all === true ? file.apps() : app === undefined ? [] : [app];
      if (apps.length === 0) throw new Error("expected an app or --all, got neither");
      const stepping = apps.filter((each) => file.get(each, "steps") !== undefined);
      if (options.commit === true) assertCommitted(stepping.map((each) => file.fileOf(each)));
      const { made: all, failed } = await advanceEach(stepping, async (name) => {
        const made = await advance(await openApp(name, options));
        console.log(advancedText(made));
        return made;
      });
      for (const { app: each, reason } of failed) console.error(`${each}: no step: ${reason}`);
      if (failed.length > 0) process.exitCode = 1;
      if (stepping.length === 0)
        console.log(`Stack "${options.stack}": none of these apps has steps: ${apps.join(", ")}.`);
      const message = commitMessage(options.stack, all);
      const stepped = all.filter(({ step }) => step.kind !== "nothing");
      if (message !== undefined && options.commit === true)
        commit(
          stepped.map(({ app: each }) => file.fileOf(each)),
          message,
        );
    },
  );

program.addCommand(groupCommand());

runVerb(program, () => {
  const checking = ["check", "checks"].includes(program.args[0] ?? "");
  return checking ? checkExitCodes.unchecked : 1;
});

function addReadingCommand(name: string, description: string): VerbCommand {
  return addCommand(name, description).option("--json", "prints JSON instead of text");
}

function addCommand(name: string, description: string, changes = false): VerbCommand {
  const made = program
    .command(name)
    .description(description)
    .requiredOption("-s, --stack <stack>", "name of the stack, for example prod")
    .option("--config-file <file>", "config file of the stack, if it is not Pulumi.<stack>.yaml");
  if (!changes) return made;
  return made
    .option("--dry-run", "shows the change and writes nothing")
    .option(
      "--update",
      "also runs the update; if the update or the check fails, restores the previous config, except after a rollback that is in place",
    );
}

/**
 * Edits the file, plans the update as the preview would, prints the plan, and then writes the file.
 * @param goesBack whether the edit goes back to a former release, or ends a canary.
 */
async function change(
  app: string,
  options: Options,
  edit: (context: Context) => void | Promise<void>,
  goesBack = false,
): Promise<void> {
  const context = await openApp(app, options);
  await edit(context);
  try {
    show(context);
  } catch (error) {
    if (error instanceof RefusedReleases && options.dryRun !== true) {
      const refused = refusedEvent(placeIn(context), error.refusals, context.now.toISOString());
      await sendEvents(valuesOf(context), [refused]);
    }
    throw error;
  }
  if (options.dryRun === true) return;
  context.file.save();
  console.log(`Wrote ${shownPath(context.file.fileOf(app))}.`);
  if (options.update !== true) return;
  const stands = await holdSignals(() =>
    runAndSendEvents(
      context,
      () => valuesOf(context),
      () => updateOrRevert(context, { goesBack }),
    ),
  );
  if (!stands) process.exitCode = 1;
}

function placeIn(context: Context) {
  return placeOf(valuesOf(context), context.stack, context.app);
}
