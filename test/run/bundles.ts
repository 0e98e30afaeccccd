import type { Durations } from "./durations";

/**
 * Divides test files into bundles, each for one command: a command of its own for each short file would take longer to
 * start than its tests.
 * @param files in the order in which they run.
 * @param durations of the files, milliseconds; a file without one is a bundle of its own.
 * @param enough duration of a bundle to which no further file is added, milliseconds.
 */
export function bundlesOf(
  files: readonly string[],
  durations: Durations,
  enough: number,
): string[][] {
  const bundles: string[][] = [];
  let room = 0;
  for (const file of files) {
    const duration = durations[file] ?? Infinity;
    const last = room > 0 && duration < Infinity ? bundles.at(-1) : undefined;
    if (last === undefined) {
      bundles.push([file]);
      room = enough;
    } else last.push(file);
    room -= duration;
  }
  return bundles;
}
