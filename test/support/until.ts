import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

/**
 * Waits until a condition holds.
 * @param pause between two looks, milliseconds.
 * @throws Error that names the condition that did not hold.
 */
export async function until(
  what: string,
  seconds: number,
  look: () => boolean | Promise<boolean>,
  pause = 500,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`${what}: not true within ${seconds} s`);
    await sleep(pause);
  }
}

/**
 * Waits until a value is the expected one.
 * @param read returns the value as it is now.
 * @param pause between two looks, milliseconds.
 * @throws AssertionError that shows the last value and the expected one.
 */
export async function untilEqual<Value>(
  seconds: number,
  read: () => Value | Promise<Value>,
  expected: Value,
  pause = 500,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  let value = await read();
  while (!isDeepStrictEqual(value, expected) && Date.now() <= end) {
    await sleep(pause);
    value = await read();
  }
  assert.deepEqual(value, expected);
}
