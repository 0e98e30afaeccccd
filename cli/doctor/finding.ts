/** Levels of findings, the worst first. */
export const levels = ["missing", "warning", "unknown", "ok"] as const;

/** `missing`: the platform will not work; `unknown`: it could not be checked. */
export type Level = (typeof levels)[number];

/** One thing that a look found. */
export interface Finding {
  /** What was checked, for example `storage`. */
  check: string;
  level: Level;
  /** What is there. */
  text: string;
  /** What to do about it; nothing where all is well. */
  next?: string;
}

/** Exit code for what was found: 0 all is well, 1 something is missing, 3 people decide. */
export function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(({ level }) => level === "missing")) return 1;
  return findings.some(({ level }) => level !== "ok") ? 3 : 0;
}
