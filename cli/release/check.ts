import type { CheckResult } from "./verdict";
import { CannotBeChecked } from "./prometheus";
import { namespaceOf } from "../../config";
import { checkRulesHash, effectivePolicy, keyOf } from "../../releases";
import { policyOf, withPlatformStackNamed } from "../../program/release-policy";
import { configOf, type Context } from "./context";
import type { Evidence, StackFile } from "./stack-file";
import { ageOf, checkTrial, type Trial } from "./trial";

/**
 * Compares the canary in the file with stable over the same window.
 * @returns undefined if there is no canary with a share of the requests, or no Prometheus.
 */
export async function checkCanary(context: Context): Promise<CheckResult | undefined> {
  const { app, stack } = configOf(context);
  const { canary } = app;
  if (canary === undefined) return undefined;
  return checkTrial({
    app: context.app,
    config: app,
    namespace: context.namespace ?? namespaceOf(app.team, stack),
    stable: keyOf(app.stable),
    canary: keyOf(canary),
    weight: canary.weight,
    age: ageOf(context, keyOf(canary)),
    rules: rulesOf(context),
  });
}

/**
 * Returns the rules for the canary: for each, the stricter one of the config and of the last update, as for a
 * promotion.
 */
function rulesOf(context: Context): Trial["rules"] {
  const { app, stack } = configOf(context);
  const asked = policyOf(stack, app);
  const last = context.record && withPlatformStackNamed(context.record, stack);
  const { check = asked.check, minimumSamples } = effectivePolicy(asked, last);
  return { ...check, minimumRequests: minimumSamples ?? asked.minimumSamples };
}

/** Result of the check of a canary. */
export type Checked = CheckResult["verdict"] | "unchecked";

/** Makes a check. Returns the result, or why there is none. */
export async function attempt(
  check: () => Promise<CheckResult | undefined>,
): Promise<CheckResult | string> {
  try {
    return (await check()) ?? "there is no Prometheus to ask";
  } catch (error) {
    if (!(error instanceof CannotBeChecked)) throw error;
    return error.message;
  }
}

/**
 * Checks every canary of a stack, and reports each result as soon as it is available.
 * @param report receives the app and its result, or why there is none.
 * @returns the verdicts, `unchecked` if nothing could be measured; apps without a canary have none.
 */
export async function checkAll(
  file: StackFile,
  contextOf: (app: string) => Promise<Context>,
  report: (app: string, result: CheckResult | string) => void,
): Promise<Checked[]> {
  const verdicts: Checked[] = [];
  for (const app of file.apps().filter((name) => file.get(name, "canary") !== undefined)) {
    const context = await contextOf(app);
    const result = await attempt(() => checkCanary(context));
    report(app, result);
    verdicts.push(typeof result === "string" ? "unchecked" : result.verdict);
  }
  return verdicts;
}

/**
 * Checks a canary again before its promotion, if a check is required: a canary that passed yesterday may fail
 * today.
 */
export async function checkAgain(context: Context): Promise<void> {
  const { app, stack } = configOf(context);
  if (!stack.releases.checkRequired || app.canary === undefined) return;
  const result = await checkCanary(context);
  if (result === undefined) return;
  console.log(findingsText(result));
  context.file.setCheck(context.app, evidenceOf(context, result));
}

/** Returns the result of a check in the form that the config records. */
export function evidenceOf(context: Context, result: CheckResult): Evidence {
  const { canary } = configOf(context).app;
  if (canary === undefined) throw new Error(`App "${context.app}" has no canary.`);
  return {
    verdict: result.verdict,
    at: context.now.toISOString(),
    release: keyOf(canary),
    samples: Math.round(result.requests),
    rules: checkRulesHash(rulesOf(context)),
  };
}

/**
 * Returns a check's result as text.
 * @param result the result, or why there is none.
 */
export function checkText(app: string, result: CheckResult | string): string {
  return `${app}: ${typeof result === "string" ? `cannot be checked: ${result}` : findingsText(result)}`;
}

/** Returns the findings of a check, one line each. */
export function findingsText({ verdict, findings }: CheckResult): string {
  const lines = findings.map(
    ({ criterion, verdict: each, text }) => `  ${each} ${criterion}: ${text}`,
  );
  return [`check: ${verdict}`, ...lines].join("\n");
}
