import {
  judge,
  judgeWorker,
  withPrefix,
  combineChecks,
  tooEarly,
  unmeasured,
  type CheckResult,
} from "./verdict";
import { CannotBeChecked, Prometheus } from "./prometheus";
import { judgeQuery } from "./query";
import { isWorker } from "../../config/app/kinds";
import { namespaceOf, platformFacts } from "../../config";
import { checkRulesHash, effectivePolicy, keyOf, releaseName } from "../../releases";
import type { CheckRules, ReleaseKey } from "../../releases";
import { policyOf, prometheusIn, withPlatformStackNamed } from "../../program/release-policy";
import { configOf, type Context } from "./context";
import { stackOutputs } from "../../engine/pulumi";
import type { Evidence, StackFile } from "./stack-file";

/**
 * Seconds until a response is included in the numbers of a check: Prometheus scrapes the gateway every 15 s,
 * and evaluates the recording rules every 15 s. The first error of its status code on a gateway pod takes 30 s longer;
 * one of the release before may fail the canary then, which is better than not counting the canary's own.
 */
const settling = 30;

/** Minimum period of a check, seconds: two evaluations of those rules. */
const shortest = 30;

/**
 * Compares the canary with stable over the same window.
 * @returns undefined if there is no canary with a share of the requests, or no Prometheus.
 */
export async function checkCanary(context: Context): Promise<CheckResult | undefined> {
  const { app, stack } = configOf(context);
  const check = rulesOf(context);
  if (app.canary === undefined) return undefined;
  if (isWorker(app) && app.canary.weight === 0) return unmeasured("at 0% it has no pods");
  const prometheus = prometheusOf(check);
  if (prometheus === undefined) return undefined;
  const key = keyOf(app.canary);
  const age = ageOf(context, key);
  if (age === undefined) return unmeasured(`the last update did not record ${key} as the canary`);
  if (age < settling + shortest) return tooEarly(age, settling + shortest);
  const server = new Prometheus(prometheus);
  const namespace = context.namespace ?? namespaceOf(app.team, stack);
  const subject = (role: "stable" | "canary", key: string) => ({
    namespace,
    service: `${context.app}-${role}`,
    release: releaseName(context.app, key),
  });
  const trial = subject("canary", key);
  const reference = subject("stable", keyOf(app.stable));
  const own = (window: number) =>
    Object.entries(check.queries).map(async ([name, { query, ...bounds }]) =>
      judgeQuery(name, await server.ask(trial, query, window), bounds),
    );
  if (isWorker(app)) {
    const windows = [check.window, ...check.windows].map((each) => Math.min(each, age - settling));
    const restarts = windows.map(
      async (window) => [window, await server.restarts(trial, window)] as const,
    );
    return judgeWorker(
      await Promise.all(restarts),
      await Promise.all(own(Math.min(check.window, age - settling))),
      check,
    );
  }
  const over = async (longest: number): Promise<CheckResult> => {
    const window = Math.min(longest, age - settling);
    const isRpc = app.protocol === "h2c";
    const [canary, stable] = await Promise.all([
      server.measure(trial, window, check.quantile, isRpc),
      server.measure(reference, window, check.quantile, isRpc),
    ]);
    return judge(canary, stable, check);
  };
  const whole = await over(check.window);
  const shorter = check.windows.map(async (window) =>
    withPrefix(`last ${window} s`, await over(window)),
  );
  const window = Math.min(check.window, age - settling);
  const queries = own(window).map(async (finding) => {
    const { verdict } = await finding;
    return { verdict, findings: [await finding], requests: whole.requests };
  });
  return combineChecks([whole, ...(await Promise.all([...shorter, ...queries]))]);
}

/**
 * Returns the rules for the canary: for each, the stricter one of the config and of the last update, as for a
 * promotion.
 */
function rulesOf(context: Context): CheckRules & { minimumRequests: number } {
  const { app, stack } = configOf(context);
  const asked = policyOf(stack, app);
  const last = context.record && withPlatformStackNamed(context.record, stack);
  const { check = asked.check, minimumSamples } = effectivePolicy(asked, last);
  return { ...check, minimumRequests: minimumSamples ?? asked.minimumSamples };
}

/** Returns the address of the Prometheus by the rules in force, or the one that the platform stack in them recorded. */
export function prometheusOf(
  rules: Pick<CheckRules, "prometheus">,
  outputs: typeof stackOutputs = stackOutputs,
): string | undefined {
  const asked = prometheusIn(rules);
  if (asked === undefined || "address" in asked) return asked?.address;
  const { platform } = outputs({ stack: asked.platformStack });
  return platformFacts.pick({ prometheus: true }).safeParse(platform).data?.prometheus;
}

/**
 * Returns the seconds since the canary took its role or, for a worker, since it has pods. Before that time,
 * another release answered the requests to its Service. Undefined if, according to the record, another
 * release still does.
 * @param key key of the canary in the config.
 */
export function ageOf(
  { record, now }: Pick<Context, "record" | "now">,
  key: ReleaseKey,
): number | undefined {
  if (record?.canary?.key !== key) return undefined;
  const since = record.releases[key]?.canarySince;
  if (since === undefined) return 0;
  return Math.floor((now.getTime() - Date.parse(since)) / 1000);
}

/** Result of the check of a canary. */
export type Checked = CheckResult["verdict"] | "unchecked";

/** Checks a canary. Returns the result, or why there is none. */
async function attempt(context: Context): Promise<CheckResult | string> {
  try {
    return (await checkCanary(context)) ?? "there is no Prometheus to ask";
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
    const result = await attempt(await contextOf(app));
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
