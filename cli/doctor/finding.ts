import { exitCodes, type ExitCode } from "../../local/commands/exit-codes";

/** Levels of findings, the worst first. */
export const levels = ["missing", "warning", "unknown", "ok"] as const;

/** `missing`: the platform will not work; `unknown`: it could not be checked. */
export type Level = (typeof levels)[number];

/** One result of a check. */
export interface Finding {
  /** What was checked, for example `storage`. */
  check: string;
  level: Level;
  /** What was found. */
  text: string;
  /** What to do about it; undefined if nothing is missing. */
  next?: string;
}

/** Returns the exit code of the findings: 0 nothing is missing, 1 something is missing, 3 a person has to decide. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ level }) => level === "missing")) return exitCodes.failed;
  return findings.some(({ level }) => level !== "ok") ? exitCodes.undecided : exitCodes.done;
}
