/** Pseudorandom numbers, the same in every run with the same seed. */
export class Random {
  constructor(private state: number) {}

  /** Returns an integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    // mulberry32, a generator with 32 bits of state.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined && !items.includes(item as T)) throw new Error("nothing to pick from");
    return item as T;
  }
}
