import { at } from "../../../config/fields";
import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { runsInYear } from "./cron";
import { changes, textOf, updates, type Updated } from "./fields";
import { settingsOf } from "./settings";

/** Returns scheduled work, above all backups, that is stopped or runs less often. */
export function schedules(situation: Situation): Danger[] {
  return [
    ...updates(situation, "CronJob").flatMap((update) => [
      ...suspensions(update),
      ...rarer(update),
    ]),
    ...updates(situation, "ConfigMap").flatMap(inSettings),
  ];
}

function suspensions({ step, before, after }: Updated): Danger[] {
  const [old, now] = [at(before, "spec", "suspend"), at(after, "spec", "suspend")];
  if (now !== true || old === true) return [];
  return [danger(words`${titleOf(step)} is suspended: it no longer runs.`)];
}

function rarer(update: Updated): Danger[] {
  const schedule = ["spec", "schedule"];
  const deadline = ["spec", "startingDeadlineSeconds"];
  const { before, after } = update;
  return [
    ...(isRarer(at(before, ...schedule), at(after, ...schedule))
      ? changes("schedule", update, "runs less often", schedule)
      : []),
    ...(isShorter(at(before, ...deadline), at(after, ...deadline))
      ? changes("schedule", update, "gives up sooner when it is late", deadline)
      : []),
  ];
}

/**
 * Returns changed schedules in the settings of programs that make their own snapshots, such as Elasticsearch.
 */
function inSettings({ step, before, after }: Updated): Danger[] {
  const now = settingsOf(after);
  return [...settingsOf(before)].flatMap(([path, old]) => {
    if (!/\b(schedule|cron)$/i.test(path) || !isRarer(old, now.get(path))) return [];
    return [
      danger(
        words`${titleOf(step)} makes something run less often: ${path} changes from ${textOf(old)} to ${textOf(now.get(path))}.`,
      ),
    ];
  });
}

/** A schedule that cannot be parsed counts as one that runs less often. */
function isRarer(before: unknown, after: unknown): boolean {
  if (before === after) return false;
  const [old, now] = [runsInYear(before), runsInYear(after)];
  return old === undefined || now === undefined ? true : now < old;
}

function isShorter(before: unknown, after: unknown): boolean {
  return typeof after === "number" && (typeof before !== "number" || after < before);
}

function danger(text: string): Danger {
  return { kind: "schedule", text };
}
