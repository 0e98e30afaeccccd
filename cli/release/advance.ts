import { reasonOf } from "../../config/reason";
import { nextStep, type Advance } from "./next-step";
import { unmeasured, type CheckResult } from "./verdict";
import { RefusedReleases } from "../../program/releases";
import { checkCanary, evidenceOf, findingsText } from "./check";
import { configOf, isUnreleased, planOf, type Context } from "./context";
import { CannotBeChecked } from "./prometheus";
import { edits } from "./edits";
import { differencesOf } from "./live";

/** The result for one app. */
export interface Advanced {
  app: string;
  step: Advance;
  /** Numbers of the check, for the commit. */
  check?: CheckResult;
}

/** Writes the next step of an app's canary to the file, if there is a step and the rules allow it. */
export async function advance(
  context: Context,
  check: typeof checkCanary = checkCanary,
): Promise<Advanced> {
  if (isUnreleased(context)) {
    return { app: context.app, step: { kind: "nothing", reason: "it has no release yet" } };
  }
  const { app } = configOf(context);
  const result =
    app.canary === undefined || app.steps === undefined ? undefined : await measure(context, check);
  const { record, now } = context;
  const differences = differencesOf(context);
  const step = nextStep({ app, record, differences, check: result, now });
  if (step.kind === "nothing") return { app: context.app, step, check: result };
  if (result !== undefined) context.file.setCheck(context.app, evidenceOf(context, result));
  if (step.kind === "weigh") edits.weight(context, step.weight);
  if (step.kind === "take-away") edits.weight(context, 0);
  if (step.kind === "promote") edits.promote(context);
  const refused = refusalOf(context);
  if (refused !== undefined) {
    context.file.reload();
    return { app: context.app, step: { kind: "nothing", reason: refused }, check: result };
  }
  context.file.save();
  return { app: context.app, step, check: result };
}

/** Checks the canary; inconclusive if nothing could be measured, so that the timeout of the step still counts. */
async function measure(
  context: Context,
  check: typeof checkCanary,
): Promise<CheckResult | undefined> {
  try {
    return await check(context);
  } catch (error) {
    if (!(error instanceof CannotBeChecked)) throw error;
    return unmeasured(error.message);
  }
}

/** An app whose step could not be decided. */
export interface Failed {
  app: string;
  reason: string;
}

/** Makes the next step of each app. A failure of one app does not affect the others. */
export async function advanceEach(
  apps: readonly string[],
  step: (app: string) => Promise<Advanced>,
): Promise<{ made: Advanced[]; failed: Failed[] }> {
  const made: Advanced[] = [];
  const failed: Failed[] = [];
  for (const app of apps) {
    try {
      made.push(await step(app));
    } catch (error) {
      failed.push({ app, reason: reasonOf(error) });
    }
  }
  return { made, failed };
}

/** Returns why the rules do not allow the step yet, for example the soak time or a freeze. */
function refusalOf(context: Context): string | undefined {
  try {
    planOf(context);
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedReleases)) throw error;
    return error.refusals.map(({ message }) => message).join("; ");
  }
}

/** Returns the result for an app as one line. */
export function advancedText({ app, step }: Advanced): string {
  switch (step.kind) {
    case "nothing":
      return `${app}: nothing to do: ${step.reason}`;
    case "weigh":
      return `${app}: canary to ${step.weight}%: ${step.reason}`;
    case "promote":
      return `${app}: promote the canary: ${step.reason}`;
    case "take-away":
      return step.sharesPods === true
        ? `${app}: stable does all the work, and the canary's pods stop: ${step.reason}`
        : `${app}: stable takes all requests: ${step.reason}`;
  }
}

/** Returns the message of the commit with these steps: one line each, with the numbers of the checks. */
export function commitMessage(stack: string, all: readonly Advanced[]): string | undefined {
  const made = all.filter(({ step }) => step.kind !== "nothing");
  if (made.length === 0) return undefined;
  const title =
    made.length === 1 && made[0] !== undefined
      ? `${stack}: ${advancedText(made[0])}`
      : `${stack}: next step of ${made.map(({ app }) => app).join(", ")}`;
  const parts = made.map((each) =>
    [advancedText(each), each.check && findingsText(each.check)].filter(Boolean).join("\n"),
  );
  return `${title}\n\n${parts.join("\n\n")}\n`;
}
