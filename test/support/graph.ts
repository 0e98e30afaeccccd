import type { Registration } from "../../render/record";

/** Returns the URNs of all direct and indirect dependencies of a resource. */
export function everythingBefore(registrations: Registration[], urn: string): Set<string> {
  const dependencies = new Map(registrations.map((entry) => [entry.urn, entry.dependencies]));
  const found = new Set<string>();
  const left = [urn];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const dependency of dependencies.get(next) ?? []) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      left.push(dependency);
    }
  }
  return found;
}
