import { appsOf, platformStackOf, type StackEntry } from "./discover";
import type { Outcome } from "./outcome";

/** Maximum number of apps that are named for one stack. */
const maxApps = 5;

/** Maximum number of objects that are named for one stack. */
const maxObjects = 3;

/** Returns a line for a finished stack. */
export function progressLine(done: number, of: number, verb: string, outcome: Outcome): string {
  const { stack, status, text, seconds } = outcome;
  const place = `[${String(done).padStart(String(of).length)}/${of}]`;
  const time = status === "skipped" ? "" : ` in ${seconds.toFixed(1)} s`;
  return `${place} ${stack}: ${verb} ${status}${time}: ${text.split("\n")[0] ?? ""}`;
}

/**
 * Returns the results of all stacks: a table of those that ran, the failures, and the sums.
 * @param logOf returns the path of the log of a stack's run.
 */
export function summary(outcomes: Outcome[], logOf: (stack: string) => string): string {
  const ran = outcomes.filter(({ status }) => status !== "skipped");
  const failed = ran.filter(({ status }) => status === "failed");
  const rows = ran.map(({ stack, status, seconds, text }) => [
    stack,
    status,
    `${seconds.toFixed(1)} s`,
    status === "failed" ? "" : text,
  ]);
  const failures = failed.map(({ stack, text }) =>
    [
      `${stack} failed:`,
      ...text.split("\n").map((line) => `  ${line}`),
      `  log: ${logOf(stack)}`,
    ].join("\n"),
  );
  const skipped = outcomes.length - ran.length;
  const sums = [
    `${ran.length - failed.length} succeeded`,
    `${failed.length} failed`,
    `${skipped} skipped`,
  ];
  return [
    ...(rows.length === 0 ? [] : [aligned([["STACK", "RESULT", "TIME", "CHANGES"], ...rows])]),
    ...differenceTable(outcomes),
    ...checkTable(outcomes),
    ...failures,
    `${outcomes.length} ${outcomes.length === 1 ? "stack" : "stacks"}: ${sums.join(", ")}`,
  ].join("\n\n");
}

/** Returns which stacks declare something different from their last successful run, in one table. */
function differenceTable(outcomes: Outcome[]): string[] {
  const rows = outcomes.flatMap(({ stack, declared = [] }) => {
    const more = declared.length - maxObjects;
    const text = declared.slice(0, maxObjects).join(", ");
    return declared.length === 0 ? [] : [[stack, more > 0 ? `${text} and ${more} more` : text]];
  });
  return rows.length === 0 ? [] : [aligned([["STACK", "DECLARED DIFFERENTLY"], ...rows])];
}

/** Returns the results of the repeated checks of canaries, in one table. */
function checkTable(outcomes: Outcome[]): string[] {
  const rows = outcomes.flatMap(({ stack, checks = [] }) => checks.map((text) => [stack, text]));
  return rows.length === 0 ? [] : [aligned([["STACK", "REPEATED CHECKS OF CANARIES"], ...rows])];
}

/** Returns the existing stacks, each with the main facts from its file. */
export function listing(entries: StackEntry[]): string {
  const rows = entries.map((entry) => [
    entry.name,
    text(entry.config["platform:environment"]),
    platformStackOf(entry) ?? "-",
    entry.error ?? apps(entry),
  ]);
  return aligned([["STACK", "ENVIRONMENT", "PLATFORM STACK", "APPS"], ...rows]);
}

/** Returns the existing stacks as JSON, with the apps of each. */
export function listingJson(entries: StackEntry[]): string {
  const listed = entries.map((entry) => ({
    stack: entry.name,
    file: entry.file,
    environment: entry.config["platform:environment"],
    platformStack: platformStackOf(entry),
    apps: appsOf(entry),
    error: entry.error,
  }));
  return JSON.stringify(listed, undefined, 2);
}

/**
 * Returns the results of all stacks as JSON.
 * @param logOf returns the path of the log of a stack's run; a skipped stack has none.
 */
export function outcomesJson(outcomes: Outcome[], logOf: (stack: string) => string): string {
  const results = outcomes.map((outcome) => ({
    ...outcome,
    ...(outcome.status !== "skipped" && { log: logOf(outcome.stack) }),
  }));
  return JSON.stringify(results, undefined, 2);
}

function apps(entry: StackEntry): string {
  const names = appsOf(entry);
  const more = names.length - maxApps;
  const text = names.slice(0, maxApps).join(", ") || "-";
  return more > 0 ? `${text} and ${more} more` : text;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "-";
}

/** Returns rows of cells as a table with aligned columns. */
export function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
