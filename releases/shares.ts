/**
 * Which release gets which share of an app's requests: the selectors of its two Services, and the route's
 * weights.
 */
export interface Split {
  /** Release that the Service `<app>-stable` selects. */
  stable: string;
  /** Release that the Service `<app>-canary` selects; the stable one without a canary. */
  canary: string;
  /** Share of the Service `<app>-canary`, percent. */
  weight: number;
}

/** An object that determines shares. An update changes each of them once. */
export type Move = "stable" | "canary" | "route";

/** Groups of changes, one group after the other. The changes within a group can happen in any order. */
export type MoveOrder = readonly (readonly Move[])[];

/** The order of an update in which the order of changes does not matter. */
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

/** Returns the split for the roles in a record or a config. */
export function splitOf(stable: string, canary: string | undefined, weight = 0): Split {
  return { stable, canary: canary ?? stable, weight: canary === undefined ? 0 : weight };
}

/** Returns the share of every release in a split, percent. */
export function sharesOf({ stable, canary, weight }: Split): Map<string, number> {
  if (stable === canary) return new Map([[stable, 100]]);
  return new Map([
    [stable, 100 - weight],
    [canary, weight],
  ]);
}

/** Returns the split after one change. */
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
 * Returns the percentage by which a release exceeds both its former and its requested share, at the worst
 * moment between two splits; 0 if none does.
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

/** Returns every split that can occur during the change, whichever change of a group comes first. */
export function momentsOf(order: MoveOrder, from: Split, to: Split): Split[] {
  const moments: Split[] = [];
  let split = from;
  for (const group of order) {
    const [first, second] = group;
    // A group has at most two changes, so these are all the moments within it.
    if (first !== undefined && second !== undefined) {
      moments.push(moved(split, to, first), moved(split, to, second));
    }
    split = group.reduce((at, move) => moved(at, to, move), split);
    moments.push(split);
  }
  return moments;
}

/**
 * Returns the order of changes in which no release ever gets more than the larger of its former and its
 * requested share. This also holds if the update is killed after any of them.
 * @returns the order, and the percentage by which the best order still exceeds this; 0 if one satisfies it.
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
