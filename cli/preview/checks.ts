import {
  isContradicted,
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
    const { evidence, result } = check;
    const verdict = typeof result === "string" ? "unchecked" : result.verdict;
    const reason = reasonOf(check);
    if (verdict === "pass") return `${subject(check)} passes again: ${words`${reason}`}.`;
    if (verdict === "fail") return `${subject(check)} fails now: ${words`${reason}`}.`;
    return `${subject(check)} could not be repeated: ${words`${reason}`}. This preview relies on the check of ${words`${evidence.at}`} in the file.`;
  });
}

/** Returns the dangers of steps whose checks fail when they are repeated. */
export function checkDangers(checks: readonly RepeatedCheck[], stack: string): Danger[] {
  return checks.filter(isContradicted).map((check): Danger => {
    const { evidence, override } = check;
    const verdicts = words`passed at ${evidence.at} according to the file, and fails now: ${reasonOf(check)}`;
    const end =
      override === undefined
        ? words`What to do: ${remedyOf(check, stack)}`
        : words`${override.by} overrides this: ${override.reason}`;
    return { kind: "check", text: `${subject(check)} ${verdicts}. ${end}.` };
  });
}

function subject(check: RepeatedCheck): string {
  return words`The check of ${check.release} of ${check.app}, on which ` + `${subjectOf(check)},`;
}
