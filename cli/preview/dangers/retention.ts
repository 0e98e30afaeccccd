import { words } from "../markdown";
import { titleOf } from "../steps";
import type { Danger, Situation } from "./danger";
import { textOf, updates, type Updated } from "./fields";
import { isLess, measureOf } from "./measure";
import { settingsOf } from "./settings";

/** Names of settings for how long, or how much, programs keep. */
const names = [
  /retention/i,
  /retain/i,
  /\bkeep[-_](last|hourly|daily|weekly|monthly|yearly|days|bytes|count)/i,
  /expire_after/i,
  /\bdelete\.min_age$/i,
  /daysSince|latest(Pushed|Pulled)|(days|num)ToKeep/i,
];

/** Returns shorter retention times: data that is older is deleted soon after the update. */
export function retention(situation: Situation): Danger[] {
  return updates(situation).flatMap(shorterRetention);
}

function shorterRetention({ step, before, after }: Updated): Danger[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].filter((path) =>
    names.some((name) => name.test(path)),
  );
  return paths.flatMap((path): Danger[] => {
    const [from, to] = [old.get(path), now.get(path)];
    if (from === to || (measureOf(from) === undefined && measureOf(to) === undefined)) return [];
    if (isLess(to, from) === false) return [];
    const text = words`${titleOf(step)} keeps its data for a shorter time: ${path} changes from ${textOf(from)} to ${textOf(to)}; what is older is deleted.`;
    return [{ kind: "retention", text }];
  });
}
