/** Size of a sampling collector. */
export interface Sizing {
  /** Largest number of traces that it waits for at the same time. */
  traces: number;
  /** Memory limit, Mi. */
  memory: number;
}

/** Memory of the collector itself, including its queue to Tempo, Mi. */
const baseMemory = 384;
/** Memory of a trace until the decision, Ki: some twenty spans of 1 Ki. */
const traceMemory = 24;
/** Memory limits are multiples of this, Mi. */
const step = 128;

/**
 * Calculates the size of each sampling collector, so that the others carry the load when one is not available.
 * @param tracesPerSecond traces that begin per second, for all collectors together.
 * @param wait seconds to wait for a trace's spans.
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
  // Doubled, so that a peak does not evict traces that are still waiting.
  const traces = Math.ceil(2 * each * wait);
  const memory = baseMemory + (traces * traceMemory) / 1024;
  return { traces, memory: Math.ceil(memory / step) * step };
}

/** Returns the soft memory limit of the Go runtime, 80% of the limit as Go recommends. */
export function goMemoryLimit(memory: number): string {
  return `${Math.floor(memory * 0.8)}MiB`;
}
