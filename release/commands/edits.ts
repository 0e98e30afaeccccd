import type { AppRecord } from "../machine";
import { configOf, type Context } from "./context";
import type { ReleaseChoice } from "./stack-file";

/** Changes of a stack's file, one per command; each leaves the file unsaved. */
export const edits = {
  /** Starts a canary, or supersedes one where the stack allows that. */
  canary(context: Context, choice: ReleaseChoice, weight: number): void {
    context.file.setCanary(context.app, choice, weight);
  },

  /** Gives the canary another share. */
  weight(context: Context, weight: number): void {
    needCanary(context);
    context.file.setWeight(context.app, weight);
  },

  /** Makes the canary stable, with the evidence that its check left. */
  promote(context: Context): void {
    const { version, revision } = needCanary(context);
    const check = context.file.get(context.app, "canary", "check");
    context.file.setStable(context.app, { version, revision }, check);
  },

  /**
   * Goes back: takes a canary away; without one, makes the latest kept release stable again.
   * @param to key of the release to go back to.
   */
  rollback(context: Context, to: string | undefined): void {
    const { app } = configOf(context);
    if (app.canary !== undefined && to === undefined) {
      context.file.removeCanary(context.app);
      return;
    }
    context.file.setStable(context.app, keptRelease(context, to));
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

function needCanary(context: Context): ReleaseChoice {
  const { canary } = configOf(context).app;
  if (canary === undefined) {
    throw new Error(
      `App "${context.app}" has no canary in stack "${context.stack}"; start one with: npm run release -- canary ${context.app} <version>`,
    );
  }
  return canary;
}

function keptRelease({ app, record }: Context, to: string | undefined): ReleaseChoice {
  const kept = record?.retained ?? [];
  const key = to ?? kept[0];
  const release = key === undefined ? undefined : record?.releases[key];
  if (record === undefined || key === undefined || release === undefined) {
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
