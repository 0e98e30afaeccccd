import { isWorker } from "../config/app/kinds";
import { runningReleases, type AppRecord, type Plan } from "../releases";

/**
 * Returns the names of the objects of releases that ran before an update, stay as they are, and get no larger
 * share of the requests. No step of the update depends on whether they are ready: the release that a rollback
 * leaves is often the one that is not.
 * @param name name of the app.
 * @param record the record of the last update.
 */
export function steadyReleases(
  name: string,
  app: { kind?: unknown },
  { steps, move, releases }: Pick<Plan, "steps" | "move" | "releases">,
  record: AppRecord | undefined,
): string[] {
  if (record === undefined || move !== undefined) return [];
  // A worker's Deployment has the number of pods of its share, so that a change of shares changes Deployments.
  if (isWorker(app) && steps.some(({ kind }) => kind !== "nothing")) return [];
  const shares = new Map(runningReleases(record, name).map((it) => [it.name, it.weight]));
  const replaced = steps.flatMap((step) => (step.kind === "update-in-place" ? [step.release] : []));
  return releases
    .filter(({ key, name: objects, weight }) => {
      const share = shares.get(objects);
      return share !== undefined && weight <= share && !replaced.includes(key);
    })
    .map((release) => release.name);
}
