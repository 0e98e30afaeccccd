import type { StackEntry } from "../stacks/discover";
import { needsOf } from "../stacks/needs";

/** Maximum number of jobs that GitHub creates from one matrix. */
const largestMatrix = 256;

/**
 * Returns the stacks, each with those that must be updated before it, in an order in which each comes after the stacks
 * that it needs.
 * @throws Error if stacks need each other in a cycle.
 */
export function inOrder(entries: StackEntry[], project = "."): [StackEntry, StackEntry[]][] {
  const needs = needsOf(entries, project);
  return [...levelsOf(entries, needs)]
    .sort(([, one], [, other]) => one - other)
    .map(([entry]) => [entry, needs.get(entry) ?? []]);
}

/**
 * Returns sequences of rounds: the stacks of a round need only those of earlier rounds of the same sequence,
 * and stacks of different sequences do not need each other. Stacks that wait for nothing and that nothing waits
 * for are one sequence.
 */
export function sequencesOf(entries: StackEntry[], project = "."): StackEntry[][][] {
  const needs = needsOf(entries, project);
  const levels = levelsOf(entries, needs);
  const sequences = connectedGroups(entries, needs).map((members) => {
    const deepest = Math.max(...members.map((entry) => levels.get(entry) ?? 0));
    return Array.from({ length: deepest + 1 }, (_, level) =>
      members.filter((entry) => levels.get(entry) === level),
    );
  });
  const alone = sequences.filter(({ length }) => length === 1).flat(2);
  const ordered = sequences.filter(({ length }) => length > 1);
  return alone.length === 0 ? ordered : [[alone], ...ordered];
}

/**
 * Returns the sequences in the format of GitHub's matrices: each is a list of rounds as JSON, each round a list
 * of at most 256 names as JSON. A longer round becomes several, which wait for each other only if rounds
 * follow.
 */
export function sequenceMatrices(sequences: StackEntry[][][]): string[] {
  return sequences.flatMap((rounds) => {
    const lists = rounds.flatMap((round) => chunks(round.map(({ name }) => name)));
    return rounds.length === 1
      ? lists.map((list) => JSON.stringify([list]))
      : [JSON.stringify(lists)];
  });
}

/**
 * Returns lists of names, each a GitHub matrix as JSON: a workflow that is called once for each of them creates
 * one job per name.
 */
export function chunks(names: readonly string[]): string[] {
  const count = Math.ceil(names.length / largestMatrix);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify(names.slice(index * largestMatrix, (index + 1) * largestMatrix)),
  );
}

/** Returns for each stack the length of the longest chain of stacks that come before it. */
function levelsOf(
  entries: StackEntry[],
  needs: Map<StackEntry, StackEntry[]>,
): Map<StackEntry, number> {
  const levels = new Map<StackEntry, number>();
  const visit = (entry: StackEntry, path: StackEntry[]): number => {
    const known = levels.get(entry);
    if (known !== undefined) return known;
    if (path.includes(entry)) {
      const cycle = [...path.slice(path.indexOf(entry)), entry].map(({ name }) => name);
      throw new Error(
        `apps/groups: expected an order of the stacks, got a cycle of ${cycle.join(", ")}; change the waves of their groups`,
      );
    }
    const before = (needs.get(entry) ?? []).map((other) => visit(other, [...path, entry]));
    const level = Math.max(-1, ...before) + 1;
    levels.set(entry, level);
    return level;
  };
  for (const entry of entries) visit(entry, []);
  return levels;
}

/** Returns groups of stacks that need each other, in either direction. */
function connectedGroups(
  entries: StackEntry[],
  needs: Map<StackEntry, StackEntry[]>,
): StackEntry[][] {
  const groups = new Map<StackEntry, Set<StackEntry>>(
    entries.map((entry) => [entry, new Set([entry])]),
  );
  for (const [entry, needed] of needs) {
    for (const other of needed) {
      const [one, two] = [groups.get(entry), groups.get(other)];
      if (one === undefined || two === undefined || one === two) continue;
      for (const member of two) groups.set(member, one.add(member));
    }
  }
  return [...new Set(groups.values())].map((group) => entries.filter((entry) => group.has(entry)));
}
