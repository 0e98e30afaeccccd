import { setTimeout as sleep } from "node:timers/promises";

/** Longest wait for a page with all metrics, milliseconds. */
const patience = 30_000;

/**
 * Reads a page of metrics until it has all of the names, or its time is over.
 * @returns the names that the last page lacks.
 */
export async function missingMetrics(url: string, names: readonly string[]): Promise<string[]> {
  let missing = [...names];
  for (const end = Date.now() + patience; Date.now() < end; await sleep(300)) {
    const page = await fetch(url)
      .then((response) => response.text())
      // It does not listen yet.
      .catch(() => "");
    missing = names.filter((name) => !new RegExp(`^${name}[{ ]`, "m").test(page));
    if (missing.length === 0) break;
  }
  return missing;
}
