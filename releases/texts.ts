import type { ReleaseId } from "./version";

/** Maximum number of paths in a message; enough to find the edit. */
const maxPaths = 8;

/** Returns a role as a stack's config writes it: `{ version: 1.5.0, revision: 2, weight: 10 }`. */
export function roleText({ version, revision = 1 }: ReleaseId, weight?: number | "…"): string {
  const fields = [
    `version: ${version}`,
    ...(revision === 1 ? [] : [`revision: ${revision}`]),
    ...(weight === undefined ? [] : [`weight: ${weight}`]),
  ];
  return `{ ${fields.join(", ")} }`;
}

/** Returns the word for a role in texts for people. Records, labels and JSON say `retained` for a kept release. */
export function roleWord(role: string): string {
  return role === "retained" ? "kept" : role;
}

/** Returns leaf paths for people. */
export function pathsText(paths: readonly string[]): string {
  const shown = paths.slice(0, maxPaths).join(", ");
  const more = paths.length - maxPaths;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Returns what changes with these paths of a release's template: its pods, or only what runs as the app's jobs. */
export function changedBy(paths: readonly string[]): "pods" | "jobs" {
  return paths.every((path) => /^(cron|migrate)\b/.test(path)) ? "jobs" : "pods";
}
