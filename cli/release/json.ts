import { replicasOf, workerNumbersOf } from "../../program/worker-pods";
import { isWorker } from "../../config/app/kinds";
import { runningReleases, type AppRecord } from "../../releases";
import type { CheckResult } from "./verdict";
import { configOf, planOf, type Context } from "./context";
import { differencesOf, liveCapacity, podTexts } from "./live";
import { configHash, readyAndNeeded } from "./table";

/** Share of the requests, percent, or of the pods of a worker; null for a release that does not run at that time. */
interface Share {
  now: number | null;
  after: number | null;
}

/** One release in the JSON of `release status`. */
interface ReleaseStatus {
  release: string;
  version: string;
  digest?: string;
  /** Role before and after an update with the current file; null if the release does not run. */
  role: { now: string | null; after: string | null };
  weight: Share;
  /** Pods, if the cluster was read: ready ones, and those that its share after the update needs. */
  pods?: { ready: number; needed: number };
  /** Number of pods of a worker's release after the update. */
  workerPods?: number;
  /** Hash of everything that defines its pods. */
  config: string;
}

/** The JSON of `release status`. */
export interface StatusJson {
  stack: string;
  app: string;
  /** Releases that run now or after the update. */
  releases: ReleaseStatus[];
  /** What an update would do, a sentence each. */
  steps: string[];
  notices: string[];
  /** What an update would do about pods, a sentence each. */
  pods: string[];
  /** Differences of the cluster from the record, a sentence each. */
  differences: string[];
}

/**
 * Returns what `release status` shows, as data.
 * @throws RefusedReleases if an update with the current file would be refused.
 */
export function statusJson(context: Context): StatusJson {
  const { stack, app: name, record } = context;
  const plan = planOf(context);
  const { app } = configOf(context);
  const capacity = liveCapacity(context, plan);
  const running = record === undefined ? [] : runningReleases(record, name);
  const keys = new Set([...plan.releases, ...running].map(({ key }) => key));
  const workerPods: Record<string, number> = isWorker(app)
    ? replicasOf(workerNumbersOf(plan, app))
    : {};
  const releases = [...keys].flatMap((key): ReleaseStatus[] => {
    const [before, after] = [running, plan.releases].map((all) => all.find((it) => it.key === key));
    const release = after ?? before;
    if (release === undefined) return [];
    const pods = capacity?.releases[release.name];
    const worker =
      after === undefined ? undefined : (pods?.worker?.replicas ?? workerPods[release.name]);
    return [
      {
        release: key,
        version: release.version,
        ...(release.digest !== undefined && { digest: release.digest }),
        role: { now: before?.role ?? null, after: after?.role ?? null },
        weight: { now: before?.weight ?? null, after: after?.weight ?? null },
        ...(pods !== undefined && { pods: readyAndNeeded(pods) }),
        ...(worker !== undefined && { workerPods: worker }),
        config: configHash(release.template),
      },
    ];
  });
  return {
    stack,
    app: name,
    releases,
    steps: plan.steps.map(({ text }) => text),
    notices: plan.notices.map(({ text }) => text),
    pods: podTexts(context, plan),
    differences: differencesOf(context),
  };
}

/** Returns the history of an app's releases and canaries, the latest first, as data. */
export function historyJson(
  record: AppRecord | undefined,
): Required<Pick<AppRecord, "history" | "canaries">> {
  return { history: record?.history ?? [], canaries: record?.canaries ?? [] };
}

/** The JSON of a check. */
export type CheckJson = { app: string } & (
  CheckResult | { verdict: "unchecked"; reason: string } | { verdict: "stable" }
);

/**
 * Returns the result of a check as data.
 * @param result the result, or why there is none.
 */
export function checkJson(app: string, result: CheckResult | string): CheckJson {
  return typeof result === "string"
    ? { app, verdict: "unchecked", reason: result }
    : { app, ...result };
}

/** Prints data as JSON. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, undefined, 2));
}
