/** Signals that ask a process to stop: Ctrl-C, the end of a job, and a terminal that is closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that asks a process to stop. */
export type StopSignal = (typeof signals)[number];

type Listener = (signal: StopSignal) => void;

const listeners = new Set<Listener>();
let isAsked = false;

/**
 * Runs work that must end by itself: meanwhile, the signals that ask this process to stop do not end it, and neither
 * does output that nobody reads any more, as after `| tee` got the same Ctrl-C. Calls may be nested.
 * @param listener is called for each of the signals. Default: they only count for {@link isAskedToStop}.
 */
export async function holdSignals<Result>(
  work: () => Promise<Result>,
  listener: Listener = () => undefined,
): Promise<Result> {
  const own: Listener = (signal) => listener(signal);
  if (listeners.size === 0) {
    isAsked = false;
    for (const signal of signals) process.on(signal, take);
    for (const stream of [process.stdout, process.stderr]) stream.on("error", ignore);
  }
  listeners.add(own);
  try {
    return await work();
  } finally {
    listeners.delete(own);
    if (listeners.size === 0) {
      for (const signal of signals) process.off(signal, take);
      for (const stream of [process.stdout, process.stderr]) stream.off("error", ignore);
    }
  }
}

/** Whether a signal has asked this process to stop during the current {@link holdSignals}. */
export function isAskedToStop(): boolean {
  return listeners.size > 0 && isAsked;
}

function take(signal: NodeJS.Signals): void {
  isAsked = true;
  for (const listener of [...listeners]) listener(signal as StopSignal);
}

function ignore(): void {
  // The work goes on without its output.
}
