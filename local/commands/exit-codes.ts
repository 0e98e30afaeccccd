/**
 * Exit codes of `npx platform`. Each has one meaning, whichever command ends with it; pipelines of others rely on the
 * numbers.
 */
export const exitCodes = {
  done: 0,
  failed: 1,
  early: 2,
  undecided: 3,
  already: 4,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each exit code means for every command. The help of a command says what it means there. */
export const meanings: Readonly<Record<ExitCode, string>> = {
  0: "done; of a check: yes",
  1: "not done, or not completely; of a check: no",
  2: "no result yet: ask again later",
  3: "neither yes nor no: a person has to decide",
  4: "nothing to do",
};
