import type { StackEntry } from "../stacks/discover";
import { needsOf } from "../stacks/needs";

/** The most jobs that GitHub makes of one matrix. */
const largestMatrix = 256;

/**
 * Stacks with those that must be updated before them, in an order in which each comes after what it needs.
 * @throws Error if stacks need each other in a circle.
 */
export function inOrder(entries: StackEntry[], project = "."): [StackEntry, StackEntry[]][] {
  const needs = needsOf(entries, project);
  return [...levelsOf(entries, needs)]
    .sort(([, one], [, other]) => one - other)
    .map(([entry]) => [entry, needs.get(entry) ?? []]);
}

/**
 * Sequences of rounds: the stacks of a round need only those of earlier rounds of the same sequence, and stacks of
 * different sequences do not need each other. Stacks that wait for nothing and that nothing waits for are one sequence.
 */
export function sequencesOf(entries: StackEntry[], project = "."): StackEntry[][][] {
  const needs = needsOf(entries, project);
  const levels = levelsOf(entries, needs);
  const sequences = connected(entries, needs).map((members) => {
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
 * The sequences as GitHub's matrices take them: each is a list of rounds as JSON, each round a list of at most 256 names
 * as JSON. A longer round becomes several, which wait for each other only where rounds follow.
 */
export function sequenceMatrices(sequences: StackEntry[][][]): string[] {
  return sequences.flatMap((rounds) => {
    const lists = rounds.flatMap((round) => chunks(round.map(({ name }) => name)));
    return rounds.length === 1
      ? lists.map((list) => JSON.stringify([list]))
      : [JSON.stringify(lists)];
  });
}

/** Lists of names, each a matrix of GitHub as JSON: a workflow that is called once for each of them makes a job a name. */
export function chunks(names: readonly string[]): string[] {
  const count = Math.ceil(names.length / largestMatrix);
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify(names.slice(index * largestMatrix, (index + 1) * largestMatrix)),
  );
}

/** By stack, how many stacks at most come before it in a row. */
function levelsOf(
  entries: StackEntry[],
  needs: Map<StackEntry, StackEntry[]>,
): Map<StackEntry, number> {
  const levels = new Map<StackEntry, number>();
  const visit = (entry: StackEntry, path: StackEntry[]): number => {
    const known = levels.get(entry);
    if (known !== undefined) return known;
    if (path.includes(entry)) {
      const circle = [...path.slice(path.indexOf(entry)), entry].map(({ name }) => name);
      throw new Error(
        `apps/groups: expected stacks of which none comes both before and after another, got ${circle.join(", ")}; change the waves of their groups`,
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

/** Groups of stacks that need each other, in either direction. */
function connected(entries: StackEntry[], needs: Map<StackEntry, StackEntry[]>): StackEntry[][] {
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
