import { differences } from "./template";
import type { DesiredApp, TakenRelease } from "./types";
import { keyOf } from "./version";

/**
 * Returns an app without a record that keeps the image of the release whose requests it takes over, if it is that
 * release and the config names no digest. Otherwise the tag would decide what a renamed app runs, and a tag can have
 * been pushed again.
 */
export function withTakenImage(desired: DesiredApp): DesiredApp {
  const { stable, takesOver = [] } = desired;
  if (stable.digest !== undefined) return desired;
  const same = takesOver.filter((taken) => hasTemplateOf(taken, desired));
  const [digest, ...others] = new Set(same.map((taken) => taken.digest));
  if (digest === undefined || others.length > 0) return desired;
  return { ...desired, stable: { ...stable, digest } };
}

/** Whether the stable release in the config is the one that another app runs: version, settings and image. */
export function isTakenRelease(taken: TakenRelease, desired: DesiredApp): boolean {
  return hasTemplateOf(taken, desired) && taken.digest === desired.stable.digest;
}

function hasTemplateOf({ stable, template }: TakenRelease, desired: DesiredApp): boolean {
  if (stable !== keyOf(desired.stable) || template === undefined) return false;
  return differences(template, desired.template).length === 0;
}
