import type { StackEntry } from "../stacks/discover";
import { needsOf } from "../stacks/needs";
import { sequencesOf } from "./order";

/** Stacks that are worked on in one pipeline. */
export interface Part {
  entries: StackEntry[];
  /** Parts whose updates must be complete before this part starts. */
  after: Part[];
  /** Whether other parts come after this one. */
  awaited: boolean;
}

/** Returns a list in slices of at most `max` items. */
export function slices<Item>(items: readonly Item[], max: number): Item[][] {
  const count = Math.ceil(items.length / max);
  return Array.from({ length: count }, (_, index) => items.slice(index * max, (index + 1) * max));
}

/**
 * Returns the stacks in parts of at most `max` stacks. Stacks that need each other are in the same part if they fit
 * into one. Otherwise, each of their rounds has parts of its own, and those that something waits for contain nothing
 * else, so that a stack that is never approved delays as few others as possible.
 * @param project folder that contains `apps/groups`.
 */
export function orderedParts(entries: StackEntry[], max: number, project = "."): Part[] {
  const needs = needsOf(entries, project);
  const sequences = sequencesOf(entries, project).flatMap((rounds) =>
    // The stacks of a sequence with one round do not need each other.
    rounds.length === 1 ? rounds.flat().map((entry) => [[entry]]) : [rounds],
  );
  const sizeOf = (rounds: StackEntry[][]) => rounds.flat().length;
  const small = sequences.filter((rounds) => sizeOf(rounds) <= max);
  const large = sequences.filter((rounds) => sizeOf(rounds) > max);
  return [
    ...packGroups(
      small.map((rounds) => rounds.flat()),
      max,
    ),
    ...large.flatMap((rounds) => partsOfRounds(rounds, needs, max)),
  ];
}

/** Returns parts that nothing waits for: groups of stacks, as many as fit into each. */
function packGroups(groups: StackEntry[][], max: number): Part[] {
  const parts: Part[] = [];
  for (const group of groups) {
    const last = parts.at(-1);
    if (last !== undefined && last.entries.length + group.length <= max) {
      last.entries.push(...group);
    } else {
      parts.push({ entries: [...group], after: [], awaited: false });
    }
  }
  return parts;
}

/** Returns the parts of stacks that are too many for one part, in the order of their rounds. */
function partsOfRounds(
  rounds: StackEntry[][],
  needs: Map<StackEntry, StackEntry[]>,
  max: number,
): Part[] {
  const waitedFor = new Set(rounds.flat().flatMap((entry) => needs.get(entry) ?? []));
  const byStack = new Map<StackEntry, Part>();
  return rounds.flatMap((round) =>
    [true, false].flatMap((awaited) =>
      slices(
        round.filter((entry) => waitedFor.has(entry) === awaited),
        max,
      ).map((entries) => {
        const before = entries.flatMap((entry) => needs.get(entry) ?? []);
        const after = [...new Set(before.flatMap((entry) => byStack.get(entry) ?? []))];
        const part = { entries, after, awaited };
        for (const entry of entries) byStack.set(entry, part);
        return part;
      }),
    ),
  );
}
