import { levels, type Finding } from "./finding";

/** Returns the findings as a table, the worst first. */
export function reportText(stack: string, found: readonly Finding[]): string {
  const sorted = [...found].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  const width = (of: (finding: Finding) => string) =>
    Math.max(...sorted.map((it) => of(it).length));
  const [first, second] = [width(({ level }) => level), width(({ check }) => check)];
  const lines = sorted.flatMap(({ level, check, text, next }) => [
    `${level.padEnd(first)}  ${check.padEnd(second)}  ${text}`,
    ...(next === undefined ? [] : [`${"".padEnd(first + second + 4)}→ ${next}`]),
  ]);
  const count = (level: string) => sorted.filter((it) => it.level === level).length;
  const sums = levels.map((level) => `${count(level)} ${level}`).join(", ");
  return [...lines, "", `The cluster of stack ${stack}: ${sums}.`].join("\n");
}

/** Returns the findings as JSON. */
export function reportJson(stack: string, found: readonly Finding[]): string {
  return JSON.stringify({ stack, findings: found }, null, 2);
}
