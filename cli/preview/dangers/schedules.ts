import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { at, changeText, textOf, updates, type Updated } from "./fields";
import { runsInYear } from "./cron";
import { settingsOf } from "./settings";

/** What runs by the clock, above all backups: stopped, or run more rarely. */
export function schedules(situation: Situation): Danger[] {
  return [
    ...updates(situation, "CronJob").flatMap((update) => [...suspended(update), ...rarer(update)]),
    ...updates(situation, "ConfigMap").flatMap(inSettings),
  ];
}

function suspended({ step, before, after }: Updated): Danger[] {
  const [old, now] = [at(before, "spec", "suspend"), at(after, "spec", "suspend")];
  if (now !== true || old === true) return [];
  return [danger(words`${titleOf(step)} is suspended: it no longer runs.`)];
}

function rarer({ step, before, after }: Updated): Danger[] {
  const [old, now] = [at(before, "spec", "schedule"), at(after, "spec", "schedule")];
  const deadline = "startingDeadlineSeconds";
  return [
    ...(isRarer(old, now)
      ? [danger(changeText(step, "runs more rarely", "spec.schedule", old, now))]
      : []),
    ...(isShorter(at(before, "spec", deadline), at(after, "spec", deadline))
      ? [
          danger(
            changeText(
              step,
              "gives up sooner when it is late",
              `spec.${deadline}`,
              at(before, "spec", deadline),
              at(after, "spec", deadline),
            ),
          ),
        ]
      : []),
  ];
}

/** A schedule in the settings of a program that makes copies by itself, such as Elasticsearch. */
function inSettings({ step, before, after }: Updated): Danger[] {
  const now = settingsOf(after);
  return [...settingsOf(before)].flatMap(([path, old]) => {
    if (!/\b(schedule|cron)$/i.test(path) || !isRarer(old, now.get(path))) return [];
    return [
      danger(
        words`${titleOf(step)} lets something run more rarely: ${path} changes from ${textOf(old)} to ${textOf(now.get(path))}.`,
      ),
    ];
  });
}

/** A schedule that cannot be read counts as one that runs more rarely. */
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
