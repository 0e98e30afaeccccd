import {
  formerText,
  isContradicted,
  isDoubted,
  reasonOf,
  remedyOf,
  subjectOf,
  type RepeatedCheck,
} from "../release/repeat";
import type { Danger } from "./dangers";
import { words } from "./markdown";

/** Returns the repeated checks as sentences in safe Markdown. */
export function checkTexts(checks: readonly RepeatedCheck[]): string[] {
  return checks.map((check) => {
    const { result } = check;
    const verdict = typeof result === "string" ? "unchecked" : result.verdict;
    const reason = words`${reasonOf(result)}`;
    if (verdict === "pass") return `${subject(check)} passes again: ${reason}.`;
    if (verdict === "fail") return `${subject(check)} fails now: ${reason}.`;
    return `${subject(check)} could not be repeated: ${reason}; ${words`${formerText(check)}`}.`;
  });
}

/**
 * Returns the dangers of steps whose checks fail when they are repeated, or did not pass when they were made according
 * to the file.
 */
export function checkDangers(checks: readonly RepeatedCheck[], stack: string): Danger[] {
  return checks.flatMap((check): Danger[] => {
    const found = findingIn(check);
    if (found === undefined) return [];
    const { override } = check;
    const end =
      override === undefined
        ? words`What to do: ${remedyOf(check, stack)}`
        : words`${override.by} overrides this: ${override.reason}`;
    return [{ kind: "check", text: `${subject(check)} ${found}. ${end}.` }];
  });
}

function findingIn(check: RepeatedCheck): string | undefined {
  const { evidence, result, then } = check;
  if (isContradicted(check)) {
    return words`passed at ${evidence.at} according to the file, and fails now: ${reasonOf(result)}`;
  }
  if (!isDoubted(check) || then === undefined) return undefined;
  return words`passed at ${evidence.at} according to the file, but not by the data of that time: ${reasonOf(then)}`;
}

function subject(check: RepeatedCheck): string {
  return words`The check of ${check.release} of ${check.app}, on which ` + `${subjectOf(check)},`;
}
