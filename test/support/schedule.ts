/** A resource in the engine's scheduler. */
export interface Step {
  urn: string;
  /** Dependencies that the engine creates before, and deletes afterwards. */
  dependencies: string[];
  /** What must exist before its creation can finish, whether the engine knows it or not. */
  needs: string[];
}

/**
 * Simulates the engine's scheduler: a step starts when all dependencies are done and a slot is free, and keeps its slot
 * until it finishes. Of the possible steps, those that would wait longest start first, because the engine guarantees no
 * order.
 * @returns the steps that hold slots forever; empty if all finish.
 */
export function stuckSteps(steps: Step[], slots: number): string[] {
  const done = new Set<string>();
  let running: Step[] = [];
  let left = steps;
  const every = (urns: string[]) => urns.every((urn) => done.has(urn));
  while (left.length + running.length > 0) {
    const ready = left
      .filter(({ dependencies }) => every(dependencies))
      .sort((a, b) => missing(b) - missing(a));
    const started = new Set(ready.slice(0, slots - running.length));
    running = [...running, ...started];
    left = left.filter((step) => !started.has(step));
    const ended = running.filter(({ needs }) => every(needs));
    if (ended.length === 0) return running.map(({ urn }) => urn);
    for (const { urn } of ended) done.add(urn);
    running = running.filter((step) => !ended.includes(step));
  }
  return [];

  function missing({ needs }: Step): number {
    return needs.filter((urn) => !done.has(urn)).length;
  }
}

/** Returns the same steps for a destroy: dependents are deleted first. */
export function reversed(steps: Step[]): Omit<Step, "needs">[] {
  const dependents = new Map<string, string[]>();
  for (const { urn, dependencies } of steps) {
    for (const dependency of dependencies) {
      dependents.set(dependency, [...(dependents.get(dependency) ?? []), urn]);
    }
  }
  return steps.map(({ urn }) => ({ urn, dependencies: dependents.get(urn) ?? [] }));
}

/**
 * Simulates deletion with a number of slots, in the worst order.
 * @param keeps what must exist while a resource is deleted.
 * @returns the resources whose deletion would wait forever, because something that it needs was deleted.
 */
export function stuckDeletions(
  steps: Step[],
  keeps: (urn: string) => string[],
  slots: number,
): string[] {
  const gone = new Set<string>();
  const stuck: string[] = [];
  const neededBy = new Map<string, number>();
  for (const { urn } of steps) {
    for (const kept of keeps(urn)) neededBy.set(kept, (neededBy.get(kept) ?? 0) + 1);
  }
  let left = reversed(steps);
  while (left.length > 0) {
    const ready = left
      .filter(({ dependencies }) => dependencies.every((urn) => gone.has(urn)))
      .sort((a, b) => (neededBy.get(b.urn) ?? 0) - (neededBy.get(a.urn) ?? 0))
      .slice(0, slots);
    if (ready.length === 0) throw new Error("the order has a cycle");
    for (const { urn } of ready) {
      if (keeps(urn).some((kept) => gone.has(kept))) stuck.push(urn);
      gone.add(urn);
    }
    left = left.filter((step) => !ready.includes(step));
  }
  return stuck;
}
