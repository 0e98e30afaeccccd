/** The whole numbers from 0 to `N`. */
type UpTo<N extends number, Counted extends number[] = []> = Counted["length"] extends N
  ? Counted[number] | N
  : UpTo<N, [...Counted, Counted["length"]]>;

/** A share of the requests, whole percent: 0 to 100. */
export type Weight = UpTo<100>;

/** Shares of the two Services; they sum to 100. */
export interface Weights {
  stable: Weight;
  canary: Weight;
}

/** Whether a number in the config is a valid share. */
export function isWeight(value: number): value is Weight {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}

/** Returns the shares of both Services: stable gets the requests that the canary does not get. */
export function split(canary: Weight): Weights {
  return { stable: (100 - canary) as Weight, canary };
}
