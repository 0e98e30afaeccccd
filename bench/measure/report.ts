import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { localFolder } from "../../local/toolchain/paths";
import type { Result, Spread } from "./rounds";

/** Results of a benchmark. */
export interface Report {
  name: string;
  title: string;
  results: Result[];
  /** Notes for readers of the numbers. */
  notes: string[];
}

/** Folder of the results; git ignores it. */
export const resultsFolder = join(localFolder, "bench");

/** Writes a report as JSON, with the machine that it was made on. @returns its path. */
export function writeReport<Content extends { name: string }>(report: Content): string {
  mkdirSync(resultsFolder, { recursive: true });
  const file = join(resultsFolder, `${report.name}.json`);
  const machine = {
    cores: availableParallelism(),
    memoryMi: Math.round(totalmem() / 2 ** 20),
    node: process.version,
  };
  const content = { ...report, at: new Date().toISOString(), machine };
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
  return file;
}

/** Returns a report as a Markdown table for docs/performance.md. */
export function table({ title, results, notes }: Report): string {
  const head = ["", "runs", "seconds", "CPU s", "worker MiB", "all MiB", "ratio", "to"];
  const rows = results.map(({ name, runs, seconds, cpuSeconds, memory, ratio }) => [
    name,
    String(runs),
    both(seconds, 1),
    both(cpuSeconds, 1),
    String(memory?.worker ?? "—"),
    String(memory?.total ?? "—"),
    ratio === undefined ? "" : both(ratio.seconds, 2),
    ratio?.against ?? "",
  ]);
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(" | ")} |`;
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [`## ${title}`, "", ...[head, rule, ...rows].map(line), "", ...notes].join("\n");
}

/** Minimum and median. */
function both({ minimum, median }: Spread, digits: number): string {
  return `${minimum.toFixed(digits)} / ${median.toFixed(digits)}`;
}

function pad(cell: string, width: number, column: number): string {
  return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
}

function isNumber(column: number): boolean {
  return column > 0 && column < 7;
}
