import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { localFolder } from "../../local/toolchain/paths";
import { replaceFile } from "../../local/toolchain/replace-file";

/** Milliseconds that each test file took when it last ran on this machine, by path in the project. */
export type Durations = Record<string, number>;

const store = join(localFolder, "test-durations.json");

export function readDurations(): Durations {
  return existsSync(store) ? (JSON.parse(readFileSync(store, "utf8")) as Durations) : {};
}

/** Replaces the durations of files that ran. */
export function recordDurations(durations: Durations): void {
  mkdirSync(dirname(store), { recursive: true });
  const all = { ...readDurations(), ...durations };
  replaceFile(store, `${JSON.stringify(all, undefined, 2)}\n`);
}

/**
 * Sorts test files by their last duration, the longest first: the last one that runs is then a short one, and no worker
 * waits long for another. Files without a duration come first, larger ones before smaller ones.
 */
export function longestFirst(
  files: readonly string[],
  durations: Durations,
  size: (file: string) => number,
): string[] {
  const known = (file: string) => durations[file] ?? Infinity;
  return [...files].sort((a, b) =>
    known(a) === known(b) ? size(b) - size(a) : known(b) > known(a) ? 1 : -1,
  );
}

/** Returns the size of a test file together with its cases, which are in a folder of the same name, bytes. */
export function sizeWithCases(file: string): number {
  const folder = file.replace(/\.test\.ts$/, "");
  const cases =
    folder === file || !existsSync(folder)
      ? []
      : readdirSync(folder, { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".ts"))
          .map((name) => join(folder, name));
  return [file, ...cases].reduce((sum, each) => sum + statSync(each).size, 0);
}

/** Returns a table of the files that took longest, with their share of all seconds. */
export function slowest(durations: Durations, rows: number): string[] {
  const total = Object.values(durations).reduce((sum, one) => sum + one, 0);
  const sorted = Object.entries(durations).sort(([, a], [, b]) => b - a);
  const lines = sorted.slice(0, rows).map(([file, one]) => {
    const share = total === 0 ? 0 : Math.round((100 * one) / total);
    return `${(one / 1000).toFixed(1).padStart(8)} s ${String(share).padStart(3)}%  ${file}`;
  });
  return [`Slowest of ${sorted.length} files, ${Math.round(total / 1000)} s in all:`, ...lines];
}
