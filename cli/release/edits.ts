import { keyOf, type AppRecord } from "../../releases";
import { configOf, isUnreleased, type Context } from "./context";
import type { ReleaseChoice } from "./stack-file";

/** Changes of a stack's file, one per command; each leaves the file unsaved. */
export const edits = {
  /** Starts a canary, or supersedes one where the stack allows that; the first release of an app is stable at once. */
  canary(context: Context, choice: ReleaseChoice, weight = 0): void {
    if (isUnreleased(context)) {
      // Nothing runs that a canary could be compared with.
      context.file.setStable(context.app, choice);
      return;
    }
    const { canary } = configOf(context).app;
    if (canary !== undefined && keyOf(canary) === keyOf(choice)) {
      throw new Error(
        `${keyOf(choice)} is canary of "${context.app}" already, at ${canary.weight}%; give it another share with: npx platform release weight ${context.app} <percent> --stack ${context.stack}`,
      );
    }
    context.file.setCanary(context.app, choice, weight);
  },

  /** Gives the canary another share. */
  weight(context: Context, weight: number): void {
    needCanary(context);
    context.file.setWeight(context.app, weight);
  },

  /**
   * Makes the canary stable, with the evidence that its check left.
   * @param meant key of the release that is to be stable; any other canary is refused.
   */
  promote(context: Context, meant?: string): void {
    const { version, revision, digest } = needCanary(context, meant);
    const check = context.file.get(context.app, "canary", "check");
    // The image that was tried is the one that becomes stable.
    const tried = digest ?? context.record?.releases[keyOf({ version, revision })]?.digest;
    context.file.setStable(context.app, { version, revision, digest: tried }, check);
  },

  /**
   * Goes back: takes a canary away; without one, makes the latest kept release stable again.
   * @param to key of the release to go back to.
   * @param now whether requests move at once, without waiting for the pods that they need.
   */
  rollback(context: Context, to: string | undefined, now = false): void {
    const { app } = configOf(context);
    if (app.canary !== undefined && to === undefined) {
      context.file.removeCanary(context.app);
      if (now) context.file.setNow(context.app);
      return;
    }
    if (app.canary !== undefined && keyOf(app.canary) === to) {
      throw new Error(
        `${to} is the canary of "${context.app}": to end it, run: npx platform release rollback ${context.app} --stack ${context.stack}; to make it stable: npx platform release promote ${context.app} --stack ${context.stack}`,
      );
    }
    context.file.setStable(context.app, formerRelease(context, to, keyOf(app.stable)));
    if (now) context.file.setNow(context.app);
  },

  /** Lifts the app's own freeze. */
  unfreeze(context: Context): void {
    if (!context.file.removeFreeze(context.app)) {
      throw new Error(
        `App "${context.app}" has no freeze of its own; platform:freeze, if set, freezes every app of the stack.`,
      );
    }
  },
};

/**
 * The canary of the file.
 * @param meant key of the release that must be the canary; by default, any may be.
 */
export function needCanary(context: Context, meant?: string): ReleaseChoice {
  const { canary } = configOf(context).app;
  if (canary === undefined) {
    throw new Error(
      `App "${context.app}" has no canary in stack "${context.stack}"; start one with: npx platform release canary ${context.app} <version> --stack ${context.stack}`,
    );
  }
  const key = keyOf(canary);
  if (meant !== undefined && meant !== key) {
    throw new Error(
      `The canary of "${context.app}" in stack "${context.stack}" is ${key}, not ${meant}: another change superseded or promoted ${meant}, or took it back.`,
    );
  }
  return canary;
}

/** Whether a release is stable and no canary, as an app's first one is at once. */
export function isStable(context: Context, key: string): boolean {
  const { stable, canary } = configOf(context).app;
  return keyOf(stable) === key && (canary === undefined || keyOf(canary) !== key);
}

/**
 * The release to go back to. Where the config asks for another stable release than was recorded, its
 * update failed or was interrupted, and going back means what was recorded: not one release further.
 */
function formerRelease(
  { app, record }: Context,
  to: string | undefined,
  stable: string,
): ReleaseChoice {
  const unfinished = record !== undefined && stable !== record.stable;
  const kept = [...(unfinished ? [record.stable] : []), ...(record?.retained ?? [])];
  const key = to ?? kept[0];
  const release = key === undefined ? undefined : record?.releases[key];
  const live = key !== undefined && (kept.includes(key) || key === record?.stable);
  if (record === undefined || key === undefined || release === undefined || !live) {
    throw new Error(
      `App "${app}" cannot go back to ${to ?? "a former release"}: ${listed(record)}. Any other version must be canary first.`,
    );
  }
  return release;
}

function listed(record: AppRecord | undefined): string {
  if (record === undefined) return "nothing was recorded yet";
  const kept = record.retained.join(", ");
  return kept === "" ? "no former release is kept" : `kept are ${kept}`;
}
