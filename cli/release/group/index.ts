import { availableParallelism } from "node:os";
import { join } from "node:path";
import { reasonOf } from "../../../config/reason";
import { pulumiEngine } from "../../../engine/runs";
import { holdSignals } from "../../../engine/signals";
import { shownPath } from "../../../local/commands/caller";
import { RefusedReleases } from "../../../program/releases";
import type { RefusedRule } from "../../../releases";
import { refusedEvent } from "../../events/event";
import { placeOf, sendEvents, runAndSendEvents } from "../../events/of-commands";
import { fleetOf } from "../../fleet/apps";
import { groupState, groupText } from "../../fleet/groups";
import { notAsked, recordsOf } from "../../fleet/records";
import { assertCommitted, commit } from "../commit";
import type { Context } from "../context";
import { printJson } from "../json";
import { percent } from "../numbers";
import { show, valuesOf } from "../open";
import { releaseUp } from "../update";
import { groupEdits } from "./edits";
import { askedBy, filesOf, findGroup, openGroup, stacksInOrder, type OpenGroup } from "./open";
import { releasesText } from "../../../program/groups";
import { VerbCommand } from "../../../local/commands/verb-command";

interface Options {
  stack: string;
  dryRun?: boolean;
  commit?: boolean;
  update?: boolean;
}

const note = `
A group is a file apps/groups/<platform stack>/<group>.yaml with its waves. Every command edits the files of all apps
in one change; an update takes the steps wave by wave, and a rollback in the opposite order.`;

/** Returns the command `release group`, which releases several apps together. */
export function groupCommand(): VerbCommand {
  const group = new VerbCommand("group")
    .description("releases several apps together, wave by wave, and undoes them together")
    .addHelpText("after", note);
  addChangingCommand(group, "canary", "starts canaries of apps of the group")
    .argument(
      "<app=version...>",
      "for example shop=1.5.0, or shop=1.5.0-r2 for its second revision",
    )
    .option(
      "-w, --weight <percent>",
      "their share of the requests, or of the pods of workers; 0 without it",
      percent,
      0,
    )
    .examples(
      "npx platform release group canary checkout inventory=2.0.0 shop=1.5.0 --weight 5 --stack prod",
    )
    .action((name: string, choices: string[], options: Options & { weight: number }) =>
      change(name, options, (open) => groupEdits.canary(open, choices, options.weight)),
    );
  addChangingCommand(
    group,
    "weight",
    "gives every canary of the group another share of the requests, or of the pods of workers",
  )
    .argument("<percent>", "share of each canary, a whole number from 0 to 100", percent)
    .examples("npx platform release group weight checkout 25 --stack prod --commit")
    .action((name: string, weight: number, options: Options) =>
      change(name, options, (open) => groupEdits.weight(open, weight)),
    );
  addChangingCommand(group, "promote", "makes every canary of the group stable")
    .examples("npx platform release group promote checkout --stack prod --commit")
    .action((name: string, options: Options) => change(name, options, groupEdits.promote));
  addChangingCommand(group, "rollback", "restores what ran before the group's last release")
    .option("--now", "does not wait for the pods that the share needs; prints what that risks")
    .examples("npx platform release group rollback checkout --stack prod --update")
    .action((name: string, options: Options & { now?: boolean }) =>
      change(name, options, (open) => groupEdits.rollback(open, options.now ?? false)),
    );
  addCommand(group, "status", "shows the step of each app, and how to continue or roll back")
    .option("--no-records", "reads files only, and does not ask the engine what was recorded")
    .option("--json", "prints JSON instead of a table")
    .examples(
      "npx platform release group status checkout --stack prod",
      "npx platform release group status checkout --stack prod --json",
    )
    .exitCodes({
      0: "all apps are at one step",
      1: "they are not, or the group cannot be read",
    })
    .action(status);
  return group;
}

function addCommand(group: VerbCommand, name: string, description: string): VerbCommand {
  return group
    .command(name)
    .description(description)
    .argument("<group>", "name of the group")
    .requiredOption("-s, --stack <stack>", "a stack of the group's platform");
}

function addChangingCommand(group: VerbCommand, name: string, description: string): VerbCommand {
  return addCommand(group, name, description)
    .option("--dry-run", "shows the change and writes nothing")
    .option("--commit", "commits the files")
    .option("--update", "updates the stacks, wave by wave");
}

async function status(
  name: string,
  options: Options & { records: boolean; json?: boolean },
): Promise<void> {
  const { platform, group, entries } = findGroup(name, options.stack);
  const stacks = entries.map((entry) => entry.name);
  const folder = join(".local", "stacks");
  const records = options.records
    ? await recordsOf(stacks, pulumiEngine, folder, availableParallelism())
    : undefined;
  const { apps } = fleetOf(entries, (stack) => records?.get(stack) ?? notAsked, new Date());
  const state = groupState(platform, group, apps);
  if (options.json === true) printJson(state);
  else console.log(groupText(state));
  if (state.kind === "half") process.exitCode = 1;
}

/** Edits all apps, plans them as their previews would, prints the plans, and then writes the files. */
async function change(
  name: string,
  options: Options,
  edit: (open: OpenGroup) => Context[] | Promise<Context[]>,
): Promise<void> {
  const open = await openGroup(findGroup(name, options.stack));
  const changed = await edit(open);
  const paths = changedPaths(open);
  if (options.commit === true && options.dryRun !== true) assertCommitted(paths);
  await decide(open, changed, options.dryRun === true);
  if (options.dryRun === true) return;
  save(open);
  console.log(`Wrote ${paths.map((path) => shownPath(path)).join(", ")}.`);
  if (options.commit === true) commit(paths, messageOf(open, changed));
  if (options.update === true && !(await holdSignals(() => update(open, changed))))
    process.exitCode = 1;
}

/**
 * Prints the change of each app.
 * @throws Error with all refusals.
 */
async function decide(open: OpenGroup, changed: Context[], isDry: boolean): Promise<void> {
  const refusals: RefusedRule[] = [];
  open.group.waves.forEach((wave, index) => {
    for (const member of changed.filter(({ app }) => wave.includes(app))) {
      console.log(`\nwave ${index + 1}: ${member.app} (stack ${member.stack})`);
      try {
        show(member);
      } catch (error) {
        if (!(error instanceof RefusedReleases)) throw error;
        console.log(`  refused: ${error.refusals.map(({ message }) => message).join("; ")}`);
        refusals.push(...error.refusals);
      }
    }
  });
  if (refusals.length === 0) return;
  for (const member of changed) {
    const own = refusals.filter(({ app }) => app === member.app);
    if (own.length === 0 || isDry) continue;
    const values = valuesOf(member);
    const place = placeOf(values, member.stack, member.app);
    await sendEvents(values, [refusedEvent(place, own, member.now.toISOString())]);
  }
  throw new RefusedReleases(open.platform, refusals);
}

/** Returns the paths of the files that the edit changes. */
function changedPaths(open: OpenGroup): string[] {
  const own = open.file.isEdited() ? [open.file.path] : [];
  return [...own, ...filesOf(open).flatMap((file) => file.changedPaths())];
}

/** Writes all files or none: if one cannot be written, the others are restored. */
function save(open: OpenGroup): void {
  const files = filesOf(open);
  try {
    open.file.assertSavable();
    for (const file of files) file.save();
    open.file.save();
  } catch (error) {
    const kept = files.flatMap((file) => file.restore());
    if (kept.length === 0) throw error;
    const text = `the change of this command remains in ${kept.join(", ")}, which somebody else has changed since; undo it there.`;
    throw new Error(`${reasonOf(error)}\n${text}`, {
      cause: error,
    });
  }
}

const unfinished = { locked: "could not begin", failed: "failed", stopped: "was stopped" };

/** Updates the stacks in the order of the waves, and stops at the first failure. */
async function update(open: OpenGroup, changed: Context[]): Promise<boolean> {
  for (const stack of stacksInOrder(open)) {
    const member = changed.find((each) => each.stack === stack);
    if (member === undefined) continue;
    const ended = await runAndSendEvents(
      { stack },
      () => valuesOf(member),
      () => releaseUp({ stack }),
    );
    if (ended === "succeeded") continue;
    console.error(
      `Group ${open.group.name} is half-done: the update of stack ${stack} ${unfinished[ended]}, and no later wave was updated. ` +
        `See: npx platform release group status ${open.group.name} --stack ${open.platform}`,
    );
    return false;
  }
  return true;
}

function messageOf({ platform, group }: OpenGroup, changed: Context[]): string {
  const lines = changed.map((member) => `${member.app}: ${releasesText(askedBy(member))}`);
  const apps = changed.map(({ app }) => app).join(", ");
  return `${platform}: release ${apps} as group ${group.name}\n\n${lines.join("\n")}\n`;
}
