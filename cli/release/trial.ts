import { platformFacts, type AppConfig } from "../../config";
import { isWorker } from "../../config/app/kinds";
import { reasonOf } from "../../config/reason";
import { readOutputs } from "../../engine/pulumi";
import type { ReadOutputs } from "../../program/proofs";
import { prometheusIn } from "../../program/release-policy";
import { releaseName, type AppRecord, type CheckRules, type ReleaseKey } from "../../releases";
import { earliestCheck } from "../../releases/evidence";
import { CannotBeChecked, Prometheus, type Subject } from "./prometheus";
import { judgeQuery } from "./query";
import {
  combineChecks,
  judge,
  judgeWorker,
  tooEarly,
  unmeasured,
  withPrefix,
  type CheckResult,
} from "./verdict";

/**
 * Seconds until a response is included in the numbers of a check: Prometheus scrapes the gateway every 15 s,
 * and evaluates the recording rules every 15 s. The first error of its status code on a gateway pod takes 30 s longer;
 * one of the release before may fail the canary then, which is better than not counting the canary's own. The minimum
 * age of a canary, `earliestCheck`, is this plus two evaluations of those rules.
 */
const settling = 30;

/** A canary that runs next to a stable release, and the rules by which a check compares them. */
export interface Trial {
  app: string;
  config: Pick<AppConfig, "kind" | "protocol">;
  /** Namespace of its objects. */
  namespace: string;
  stable: ReleaseKey;
  canary: ReleaseKey;
  /** Share of the canary, percent. */
  weight: number;
  /** The result of {@link ageOf}. */
  age: number | undefined;
  /** Time as of which it is checked; `age` is that of this time. Default: now. */
  at?: Date;
  rules: CheckRules & { minimumRequests: number };
}

/**
 * Compares the canary with stable over the same window.
 * @param read reads the outputs of the platform stack, if the rules name one.
 * @returns undefined if there is no Prometheus.
 * @throws CannotBeChecked if Prometheus does not answer.
 */
export async function checkTrial(
  trial: Trial,
  read: ReadOutputs = readOutputs,
): Promise<CheckResult | undefined> {
  const { app, config, namespace, weight, age, at, rules } = trial;
  if (isWorker(config) && weight === 0) return unmeasured("at 0% it has no pods");
  const prometheus = await prometheusOf(rules, read);
  if (prometheus === undefined) return undefined;
  if (age === undefined) {
    return unmeasured(`the last update did not record ${trial.canary} as the canary`);
  }
  if (age < earliestCheck) return tooEarly(age, earliestCheck);
  const server = new Prometheus(prometheus, at);
  const subjectOf = (role: "stable" | "canary"): Subject => ({
    namespace,
    service: `${app}-${role}`,
    release: releaseName(app, trial[role]),
  });
  const [canary, stable] = [subjectOf("canary"), subjectOf("stable")];
  const within = (window: number) => Math.min(window, age - settling);
  const own = () =>
    Object.entries(rules.queries).map(async ([name, { query, ...bounds }]) =>
      judgeQuery(name, await server.ask(canary, query, within(rules.window)), bounds),
    );
  if (isWorker(config)) {
    const restarts = [rules.window, ...rules.windows]
      .map(within)
      .map(async (window) => [window, await server.restarts(canary, window)] as const);
    return judgeWorker(await Promise.all(restarts), await Promise.all(own()), rules);
  }
  const over = async (longest: number): Promise<CheckResult> => {
    const isRpc = config.protocol === "h2c";
    const measure = (subject: Subject) =>
      server.measure(subject, within(longest), rules.quantile, isRpc);
    const [ofCanary, ofStable] = await Promise.all([measure(canary), measure(stable)]);
    return judge(ofCanary, ofStable, rules);
  };
  const whole = await over(rules.window);
  const shorter = rules.windows.map(async (window) =>
    withPrefix(`last ${window} s`, await over(window)),
  );
  const queries = own().map(async (finding) => {
    const { verdict } = await finding;
    return { verdict, findings: [await finding], requests: whole.requests };
  });
  return combineChecks([whole, ...(await Promise.all([...shorter, ...queries]))]);
}

/**
 * Returns the address of the Prometheus by the rules in force, or the one that the platform stack in them recorded.
 * @throws CannotBeChecked if that stack's outputs cannot be read.
 */
export async function prometheusOf(
  rules: Pick<CheckRules, "prometheus">,
  read: ReadOutputs = readOutputs,
): Promise<string | undefined> {
  const asked = prometheusIn(rules);
  if (asked === undefined || "address" in asked) return asked?.address;
  const { platform } = await read(asked.platformStack).catch((error: unknown) => {
    const reason = reasonOf(error);
    throw new CannotBeChecked(
      `the outputs of ${asked.platformStack}, which name the Prometheus, cannot be read: ${reason}`,
    );
  });
  return platformFacts.pick({ prometheus: true }).safeParse(platform).data?.prometheus;
}

/**
 * Returns the seconds since the canary took its role or, for a worker, since it has pods. Before that time,
 * another release answered the requests to its Service. Undefined if, according to the record, another
 * release still does.
 * @param key key of the canary.
 */
export function ageOf(
  { record, now }: { record: AppRecord | undefined; now: Date },
  key: ReleaseKey,
): number | undefined {
  if (record?.canary?.key !== key) return undefined;
  const since = record.releases[key]?.canarySince;
  if (since === undefined) return 0;
  return Math.floor((now.getTime() - Date.parse(since)) / 1000);
}
