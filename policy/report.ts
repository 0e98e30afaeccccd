import type { Violation } from "./check";
import type { Level } from "./rule";

const levels: Level[] = ["mandatory", "advisory"];

/** What was checked. */
export interface Scope {
  stack: string;
  rules: number;
  objects: number;
  steps: number;
}

/** Returns a report for people: violations by level and rule, one object per line. */
export function reportText({ stack, rules, objects, steps }: Scope, all: Violation[]): string {
  return [
    `stack ${stack}: ${countOf(rules, "rule")} over ${countOf(objects, "object")} and ${countOf(steps, "step")} of a preview`,
    findingsText(all),
  ].join("\n");
}

/** Returns the violations for people, by level and rule, and how many there are. */
export function findingsText(all: Violation[]): string {
  const groups = levels.flatMap((level) => byRule(all.filter((each) => each.level === level)));
  const counts = levels.map(
    (level) => `${all.filter((each) => each.level === level).length} ${level}`,
  );
  return [...groups, all.length === 0 ? "no violations" : `violations: ${counts.join(", ")}`].join(
    "\n",
  );
}

/** Returns the violations in the format of `npx platform preview <stack> --violations <file>`. */
export function reportJson(all: Violation[]): string {
  const entries = all.map(({ rule, level, object, message }) => ({
    policy: `${rule} (${level})`,
    object,
    message,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function byRule(all: Violation[]): string[] {
  const groups = new Map<string, Violation[]>();
  for (const each of all) groups.set(each.rule, [...(groups.get(each.rule) ?? []), each]);
  return [...groups.values()].flatMap((group) => {
    const [{ rule, title, level }] = group as [Violation];
    const lines = group.map(({ object, message }) => `  ${object}: ${message}`);
    return [`${level} ${rule}: ${title}`, ...lines];
  });
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
