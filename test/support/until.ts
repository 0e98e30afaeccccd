import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until something is so.
 * @param pause between two looks, milliseconds.
 * @throws Error that says what was not so.
 */
export async function until(
  what: string,
  seconds: number,
  look: () => boolean | Promise<boolean>,
  pause = 500,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`${what}: not so within ${seconds} s`);
    await sleep(pause);
  }
}
