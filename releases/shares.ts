/** Who gets which share of an app's requests: what its two Services select, and the route's weights. */
export interface Split {
  /** Release that the Service `<app>-stable` selects. */
  stable: string;
  /** Release that the Service `<app>-canary` selects; stable's without a canary. */
  canary: string;
  /** Share of the Service `<app>-canary`, percent. */
  weight: number;
}

/** One object that decides about shares; an update changes each of them once. */
export type Move = "stable" | "canary" | "route";

/** Groups of changes, one group after the other; what is in one group may change in any order. */
export type MoveOrder = readonly (readonly Move[])[];

/** The order of an update that may change everything at once. */
export const usualOrder: MoveOrder = [["stable", "canary"], ["route"]];

/** Orders by preference: the usual one needs no wait between the two Services. */
const orders: readonly MoveOrder[] = [
  usualOrder,
  [["route"], ["stable", "canary"]],
  [["stable"], ["canary"], ["route"]],
  [["stable"], ["route"], ["canary"]],
  [["canary"], ["stable"], ["route"]],
  [["canary"], ["route"], ["stable"]],
  [["route"], ["stable"], ["canary"]],
  [["route"], ["canary"], ["stable"]],
];

/** The split of roles as records and configs name them. */
export function splitOf(stable: string, canary: string | undefined, weight = 0): Split {
  return { stable, canary: canary ?? stable, weight: canary === undefined ? 0 : weight };
}

/** Share of every release that a split names, percent. */
export function sharesOf({ stable, canary, weight }: Split): Map<string, number> {
  if (stable === canary) return new Map([[stable, 100]]);
  return new Map([
    [stable, 100 - weight],
    [canary, weight],
  ]);
}

/** The split after one change. */
export function moved(split: Split, to: Split, move: Move): Split {
  switch (move) {
    case "stable":
      return { ...split, stable: to.stable };
    case "canary":
      return { ...split, canary: to.canary };
    case "route":
      return { ...split, weight: to.weight };
  }
}

/**
 * Percent by which a release exceeds both its former and its requested share, at the worst moment
 * between two splits; 0 when none does.
 */
export function excessOf(order: MoveOrder, from: Split, to: Split): number {
  const [had, asked] = [sharesOf(from), sharesOf(to)];
  const excess = (split: Split) =>
    Math.max(
      ...[...sharesOf(split)].map(
        ([release, share]) => share - Math.max(had.get(release) ?? 0, asked.get(release) ?? 0),
      ),
    );
  return Math.max(0, ...momentsOf(order, from, to).map(excess));
}

/** Every split that may be seen on the way, whichever of a group's changes comes first. */
export function momentsOf(order: MoveOrder, from: Split, to: Split): Split[] {
  const moments: Split[] = [];
  let split = from;
  for (const group of order) {
    const [first, second] = group;
    // A group has two changes at most, so these are all the moments within it.
    if (first !== undefined && second !== undefined) {
      moments.push(moved(split, to, first), moved(split, to, second));
    }
    split = group.reduce((at, move) => moved(at, to, move), split);
    moments.push(split);
  }
  return moments;
}

/**
 * The order of changes in which no release ever gets more than it had and than is asked, whichever is
 * more. A kill after any of them leaves such a split as well.
 * @returns the order, and the percent by which the best one still exceeds that; 0 where one is right.
 */
export function orderOf(from: Split, to: Split): { order: MoveOrder; excess: number } {
  let best = { order: usualOrder, excess: Infinity };
  for (const order of orders) {
    const excess = excessOf(order, from, to);
    if (excess < best.excess) best = { order, excess };
    if (excess === 0) break;
  }
  return best;
}
