import { setTimeout as sleep } from "node:timers/promises";

/** Timeout for an endpoint with all metrics, milliseconds. */
const timeoutMs = 60_000;

/**
 * Reads a metrics endpoint until it has all names, or until the timeout.
 * @returns the names that the last response lacks.
 */
export async function findMissingMetrics(url: string, names: readonly string[]): Promise<string[]> {
  let missing = [...names];
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(300)) {
    const page = await fetch(url)
      .then((response) => response.text())
      // It does not listen yet.
      .catch(() => "");
    missing = names.filter((name) => !new RegExp(`^${name}[{ ]`, "m").test(page));
    if (missing.length === 0) break;
  }
  return missing;
}
