import { canonical } from "../../releases/template";

/** Maximum length of lists that are matched. Longer ones are compared item by item. */
const longest = 300;

/** An item before and after, by its index in each list. */
export type Pairing = [before: number | undefined, after: number | undefined];

/**
 * Returns which items of two lists belong together: equal ones first, in their order, so that an inserted item
 * does not change the ones after it. The remaining items in between are matched one by one.
 */
export function matchItems(before: readonly unknown[], after: readonly unknown[]): Pairing[] {
  const equal =
    before.length * after.length > longest ** 2
      ? []
      : common(before.map(canonical), after.map(canonical));
  const pairs: Pairing[] = [];
  let [old, now] = [0, 0];
  for (const [nextOld, nextNow] of [...equal, [before.length, after.length] as const]) {
    const gap = Math.max(nextOld - old, nextNow - now);
    for (let index = 0; index < gap; index += 1) {
      pairs.push([
        old + index < nextOld ? old + index : undefined,
        now + index < nextNow ? now + index : undefined,
      ]);
    }
    if (nextOld < before.length) pairs.push([nextOld, nextNow]);
    [old, now] = [nextOld + 1, nextNow + 1];
  }
  return pairs;
}

/** Returns the indices of the longest common subsequence. */
function common(before: readonly string[], after: readonly string[]): [number, number][] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (old: number, now: number) => lengths[old]?.[now] ?? 0;
  for (let old = before.length - 1; old >= 0; old -= 1) {
    for (let now = after.length - 1; now >= 0; now -= 1) {
      const row = lengths[old] ?? [];
      row[now] =
        before[old] === after[now]
          ? at(old + 1, now + 1) + 1
          : Math.max(at(old + 1, now), at(old, now + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let old = 0, now = 0; old < before.length && now < after.length;) {
    if (before[old] === after[now]) pairs.push([old++, now++]);
    else if (at(old + 1, now) >= at(old, now + 1)) old += 1;
    else now += 1;
  }
  return pairs;
}
