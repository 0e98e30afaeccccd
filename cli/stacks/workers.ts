/**
 * Runs a job for each item, several at a time, in the given order. An item that depends on others waits for their jobs.
 * A job that fails must return its failure as its result: a job that throws ends all jobs.
 */
export async function runJobs<Item, Result>(
  items: Item[],
  count: number,
  needs: (item: Item) => Item[],
  job: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<Item, Result>();
  const waiting = [...items];
  const needed = new Map(items.map((item) => [item, needs(item)]));
  const running = new Set<Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex(isReady);
    if (next === -1 && running.size === 0)
      throw new Error("Items depend on each other in a cycle.");
    if (next === -1 || running.size >= count) {
      await Promise.race(running);
      continue;
    }
    const [item] = waiting.splice(next, 1) as [Item];
    const work = job(item).then((result) => {
      results.set(item, result);
      running.delete(work);
    });
    running.add(work);
  }
  return items.map((item) => results.get(item) as Result);

  function isReady(item: Item): boolean {
    return (needed.get(item) ?? []).every((other) => results.has(other));
  }
}
