import type { NamedResult } from "./apart";

/** What mocha counts. */
const counted = ["passing", "pending", "failing"];

/**
 * Returns lines with the number of tests that passed, that were skipped, and that failed in all commands, and with the
 * names of the commands that skipped tests or failed: their own output may be far above.
 */
export function summaryOf(results: readonly NamedResult[]): string[] {
  const lines = counted.flatMap((what) => {
    const total = results.reduce((sum, { output }) => sum + countIn(output, what), 0);
    return total > 0 || what === "passing" ? [`  ${total} ${what}`] : [];
  });
  for (const { name, output, code } of results) {
    if (countIn(output, "pending") > 0) lines.push(`  skipped tests: ${name}`);
    if (code !== 0) lines.push(`  failed: ${name}`);
  }
  return lines;
}

/** Returns a number that mocha printed after its tests, 0 if it printed none. */
function countIn(output: string, what: string): number {
  const [, number] = new RegExp(`^ +(\\d+) ${what}\\b`, "m").exec(output) ?? [];
  return Number(number ?? 0);
}
