/** What a sampling collector needs. */
export interface Sizing {
  /** Traces that it can wait for at once. */
  traces: number;
  /** Memory limit, MiB. */
  memory: number;
}

/** Memory of the collector itself, its queue to Tempo included, MiB. */
const baseMemory = 384;
/** Memory that a trace takes until it is decided on: some twenty spans of 1 KiB, KiB. */
const traceMemory = 24;
/** Memory limits are multiples of this, MiB. */
const step = 128;

/**
 * What each sampling collector needs, so that they bear the load with one of them away.
 * @param tracesPerSecond traces that begin in a second, for all collectors together.
 * @param wait seconds that a trace's spans are waited for.
 */
export function gatewaySizing({
  replicas,
  tracesPerSecond,
  wait,
}: {
  replicas: number;
  tracesPerSecond: number;
  wait: number;
}): Sizing {
  const each = tracesPerSecond / Math.max(1, replicas - 1);
  // Twice, as a peak must not push out traces that are still waited for.
  const traces = Math.ceil(2 * each * wait);
  const memory = baseMemory + (traces * traceMemory) / 1024;
  return { traces, memory: Math.ceil(memory / step) * step };
}

/** Memory at which Go's collector of garbage works harder, as it says itself: 80% of the limit. */
export function goMemoryLimit(memory: number): string {
  return `${Math.floor(memory * 0.8)}MiB`;
}
