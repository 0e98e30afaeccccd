import type { Memory } from "./contender";
import type { Change } from "./measure-change";
import { ratio, type Switch } from "./switches";

/** Results of one contender. */
export interface Compared {
  name: string;
  routing: string;
  changes: Change[];
  /** Nothing if it failed before the end. */
  memory?: Memory;
  /** Why not all changes were measured. */
  failure?: string;
}

const head = [
  ...["", "runs", "seconds", "without soak", "reported after"],
  ...["failed", "of requests", "pods at switch", "fewest pods"],
];

/** Returns the results as two Markdown tables, for releases and rollbacks, and one with the memory. */
export function comparisonTable(all: readonly Compared[]): string {
  const memory = all.map(({ name, routing, memory: peaks }) => [
    name,
    routing,
    peaks === undefined ? "" : String(peaks.controller),
    peaks === undefined ? "" : String(peaks.command),
  ]);
  return [
    markdown("release", head, rows(all, "release")),
    markdown("rollback", head, rows(all, "rollback")),
    markdown("memory", ["", "routes by", "controller MiB", "command MiB"], memory),
    ...all.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`])),
  ].join("\n\n");
}

function rows(all: readonly Compared[], kind: Change["kind"]): string[][] {
  return all.flatMap(({ name, changes }) => {
    const own = changes.filter((change) => change.kind === kind);
    if (own.length === 0) return [];
    return [
      [
        name,
        String(own.length),
        spread(own.map(({ seconds }) => seconds)),
        spread(own.map(({ seconds, configured }) => seconds - configured)),
        spread(own.map(({ finished }) => finished)),
        spread(own.map(({ failed }) => failed)),
        String(own.reduce((sum, { requests }) => sum + requests, 0)),
        pods(own.flatMap(({ switches }) => worst(switches) ?? [])),
        pods(own.flatMap(({ fewest }) => fewest ?? [])),
      ],
    ];
  });
}

/** Minimum, median and maximum. */
function spread(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = [sorted[Math.ceil(sorted.length / 2 - 1)], sorted[Math.floor(sorted.length / 2)]];
  const median = ((middle[0] ?? NaN) + (middle[1] ?? NaN)) / 2;
  return [sorted[0] ?? NaN, median, sorted.at(-1) ?? NaN].map(whole).join(" / ");
}

function whole(value: number): string {
  return value.toFixed(0);
}

/** The switch with the fewest ready pods relative to the needed ones. */
export function worst(switches: readonly Switch[]): Switch | undefined {
  return [...switches].sort((a, b) => ratio(a) - ratio(b))[0];
}

/** Ready of needed pods of each run. */
function pods(switches: readonly Switch[]): string {
  return switches.map(({ ready, needed }) => `${ready} of ${needed}`).join(", ");
}

function markdown(title: string, titles: string[], cells: string[][]): string {
  const line = (row: string[]) => `| ${row.join(" | ")} |`;
  const rule = titles.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line([title, ...titles.slice(1)]), line(rule), ...cells.map(line)].join("\n");
}
