/** A resource as the engine's scheduler sees it. */
export interface Step {
  urn: string;
  /** What the engine creates before it, and deletes after it. */
  dependencies: string[];
  /** What must have been created for its own wait to end, whatever the engine knows of it. */
  needs: string[];
}

/**
 * Runs the engine's scheduler: a step starts when everything that it depends on is done and a slot is
 * free, and keeps its slot until its wait ends. Of the steps that may start, those start first that
 * would wait longest: the engine promises no order among them.
 * @returns the steps that hold slots for ever; empty when all end.
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

/** The same steps as a destroy runs them: what depends on a resource is deleted before it. */
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
 * Deletes everything with a number of slots, what is needed by others first.
 * @param keeps what must still be there while a resource is deleted.
 * @returns the resources whose deletion would wait for ever, as something that it needs is gone.
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
    if (ready.length === 0) throw new Error("the order has a circle");
    for (const { urn } of ready) {
      if (keeps(urn).some((kept) => gone.has(kept))) stuck.push(urn);
      gone.add(urn);
    }
    left = left.filter((step) => !ready.includes(step));
  }
  return stuck;
}
