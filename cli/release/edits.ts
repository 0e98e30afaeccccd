import { keyOf, type AppRecord } from "../../releases";
import { configOf, isUnreleased, type Context } from "./context";
import type { ReleaseChoice } from "./stack-file";

/** Edits of a stack's file, one for each command. They do not save the file. */
export const edits = {
  /**
   * Starts a canary, or replaces one if the stack allows that. The first release of an app is stable
   * immediately.
   */
  canary(context: Context, choice: ReleaseChoice, weight = 0): void {
    if (isUnreleased(context)) {
      // There is no running release to compare a canary with.
      context.file.setStable(context.app, choice);
      return;
    }
    const { canary } = configOf(context).app;
    if (canary !== undefined && keyOf(canary) === keyOf(choice)) {
      throw new Error(
        `${keyOf(choice)} is already the canary of "${context.app}", at ${canary.weight}%; change its share with: npx platform release weight ${context.app} <percent> --stack ${context.stack}`,
      );
    }
    context.file.setCanary(context.app, choice, weight);
  },

  /** Changes the share of the canary. */
  weight(context: Context, weight: number): void {
    needCanary(context);
    context.file.setWeight(context.app, weight);
  },

  /**
   * Makes the canary stable, and keeps the result of its check.
   * @param expected key of the canary; any other canary is refused.
   */
  promote(context: Context, expected?: string): void {
    const { version, revision, digest } = needCanary(context, expected);
    const check = context.file.get(context.app, "canary", "check");
    // The image that was tried is the one that becomes stable.
    const tried = digest ?? context.record?.releases[keyOf({ version, revision })]?.digest;
    context.file.setStable(context.app, { version, revision, digest: tried }, check);
  },

  /**
   * Ends the canary or, without one, makes the latest kept release stable again.
   * @param to key of the release to go back to.
   * @param now whether requests move immediately, without waiting for the pods that they need.
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
 * Returns the canary in the file.
 * @param expected key of the release that must be the canary. Default: any.
 * @throws Error if there is no canary, or another one.
 */
export function needCanary(context: Context, expected?: string): ReleaseChoice {
  const { canary } = configOf(context).app;
  if (canary === undefined) {
    throw new Error(
      `App "${context.app}" has no canary in stack "${context.stack}"; start one with: npx platform release canary ${context.app} <version> --stack ${context.stack}`,
    );
  }
  const key = keyOf(canary);
  if (expected !== undefined && expected !== key) {
    throw new Error(
      `The canary of "${context.app}" in stack "${context.stack}" is ${key}, not ${expected}: another change superseded or promoted ${expected}, or rolled it back.`,
    );
  }
  return canary;
}

/** Whether a release is already stable. The first release of an app is stable immediately. */
export function isStable(context: Context, key: string): boolean {
  const { stable, canary } = configOf(context).app;
  return keyOf(stable) === key && (canary === undefined || keyOf(canary) !== key);
}

/**
 * Returns the release to go back to. If the config asks for another stable release than the recorded one, its
 * update failed or was interrupted. The target is then the recorded release, not the one before it.
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
      `App "${app}" cannot roll back to ${to ?? "a former release"}; ${keptText(record)}. Any other version must be a canary first.`,
    );
  }
  return release;
}

function keptText(record: AppRecord | undefined): string {
  if (record === undefined) return "nothing was recorded yet";
  const kept = record.retained.join(", ");
  return kept === "" ? "no former release is kept" : `kept releases: ${kept}`;
}
