import type { Measured } from "./command";
import type { PeakMemory } from "./processes";

/** One of several things to compare. */
export interface Alternative {
  name: string;
  run: (round: number) => Promise<Omit<Measured, "output">>;
  /** Name of the alternative to compare with. Default: none. */
  against?: string;
}

/** Minimum and median of several measurements. */
export interface Spread {
  minimum: number;
  median: number;
}

/** Result of several runs. */
export interface Result {
  name: string;
  runs: number;
  seconds: Spread;
  cpuSeconds: Spread;
  /** Largest peak of all runs. */
  memory?: PeakMemory;
  /** Ratio to the alternative to compare with. */
  ratio?: { against: string; seconds: Spread; cpuSeconds: Spread };
}

/**
 * Measures alternatives alternately, in rounds: other load of the machine affects all of them, so that their ratio is
 * meaningful even if their times are not.
 */
export async function measureInterleaved(
  rounds: number,
  alternatives: Alternative[],
  say: (line: string) => void,
): Promise<Result[]> {
  const taken = new Map<string, Omit<Measured, "output">[]>();
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of alternatives) {
      const measured = await run(round);
      const memory = measured.memory ? `, ${measured.memory.total} MiB` : "";
      say(`[${round}/${rounds}] ${name}: ${measured.seconds.toFixed(1)} s${memory}`);
      taken.set(name, [...(taken.get(name) ?? []), measured]);
    }
  }
  return alternatives.map(({ name, against }) => sumUp(name, against, taken));
}

function sumUp(
  name: string,
  against: string | undefined,
  taken: ReadonlyMap<string, Omit<Measured, "output">[]>,
): Result {
  const own = taken.get(name) ?? [];
  const seconds = spread(own.map((each) => each.seconds));
  const cpuSeconds = spread(own.map((each) => each.cpuSeconds));
  const base = against === undefined ? undefined : taken.get(against);
  return {
    name,
    runs: own.length,
    seconds,
    cpuSeconds,
    memory: largestPeak(own.flatMap(({ memory }) => memory ?? [])),
    ...(against === undefined || base === undefined
      ? {}
      : {
          ratio: {
            against,
            seconds: divide(seconds, spread(base.map((each) => each.seconds))),
            cpuSeconds: divide(cpuSeconds, spread(base.map((each) => each.cpuSeconds))),
          },
        }),
  };
}

/** Returns minimum and median of numbers. */
export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { minimum: sorted[0] ?? NaN, median: (low + high) / 2 };
}

function divide(a: Spread, b: Spread): Spread {
  return { minimum: a.minimum / b.minimum, median: a.median / b.median };
}

function largestPeak(peaks: PeakMemory[]): PeakMemory | undefined {
  if (peaks.length === 0) return undefined;
  const names = new Set(peaks.flatMap(({ processes }) => Object.keys(processes)));
  return {
    total: Math.max(...peaks.map(({ total }) => total)),
    worker: Math.max(...peaks.map(({ worker }) => worker)),
    processes: Object.fromEntries(
      [...names].map((name) => [
        name,
        Math.max(...peaks.map(({ processes }) => processes[name] ?? 0)),
      ]),
    ),
  };
}
