import type { Finding } from "../rule";

/** A change that is proposed in CI. */
export interface Proposal {
  /** Login of the author. */
  by: string;
  files: ProposedFile[];
}

/** A file in a change. */
export interface ProposedFile {
  path: string;
  /** Teams that own it before or after the change; empty if it belongs to no app. */
  owners: string[];
}

/** Logins of each team's members and robots; those of `platform` may change every file. */
export type Proposers = Readonly<Record<string, readonly string[]>>;

/** Team that may change every file. */
const everything = "platform";

/** The rule about who changes which files. It applies to logins in the stack's config, and ignores others. */
export const ownersRule = {
  id: "ownFiles",
  title: "A team changes the files of its own apps only",
  level: "mandatory",

  /** @param proposers logins before the change, so that nobody can add themselves. */
  check({ by, files }: Proposal, proposers: Proposers): Finding[] {
    const teams = Object.keys(proposers).filter((team) => proposers[team]?.includes(by));
    if (teams.length === 0 || teams.includes(everything)) return [];
    return files
      .filter(
        ({ owners }) => owners.length === 0 || !owners.every((owner) => teams.includes(owner)),
      )
      .map(({ path, owners }) => ({
        object: path,
        message: `expected a file of team ${teams.join(" or ")}, to which ${by} belongs, got one of ${
          owners.length === 0 ? "the platform" : `team ${owners.join(" and ")}`
        }; let its owner propose this change`,
      }));
  },
} as const;
