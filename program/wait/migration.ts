import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MigratingRelease } from "../../components/app/migration";
import { ClusterReader, type ReaderArgs } from "../../cluster/reader";
import { ProgramError } from "../../config";
import { pollUntilPresent, isUpdating } from "./poll";

/** A Job as the API server returns it. */
export interface LiveJob {
  status?: {
    completionTime?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

/** State of a Job. */
export type JobState = "running" | "complete" | "failed";

/** Returns the state of a Job, from its conditions. */
export function stateOf({ status }: LiveJob): JobState {
  if (isTrue(status, "Complete")) return "complete";
  return isTrue(status, "Failed") ? "failed" : "running";
}

function isTrue(status: LiveJob["status"], type: string): boolean {
  return conditionOf(status, type)?.status === "True";
}

function conditionOf(status: LiveJob["status"], type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Time after the Job's own deadline in which its controller ends the Job, seconds. */
const graceSeconds = 60;

/** Waits, in updates only, until a release's migration has run. */
export class Migrations {
  private reader?: ClusterReader;

  constructor(private readonly cluster: ReaderArgs) {}

  /**
   * Resolves when the Job is complete.
   * @throws ProgramError if it fails, which ends the update before a pod of the release starts.
   */
  waitFor(job: k8s.batch.v1.Job, release: MigratingRelease): pulumi.Output<unknown> {
    if (!isUpdating()) return pulumi.output(undefined);
    return job.id.apply(async (id) => this.wait(id, release));
  }

  private async wait(id: string, { name, deadlineSeconds }: MigratingRelease): Promise<void> {
    const [namespace = "", job = ""] = id.split("/");
    this.reader ??= new ClusterReader(this.cluster);
    const reader = this.reader;
    const logs = `kubectl logs --namespace ${namespace} job/${job}`;
    let announced = false;
    let failed: string | undefined;
    const missing = await pollUntilPresent(async () => {
      const live = await reader.get<LiveJob>(`/apis/batch/v1/namespaces/${namespace}/jobs/${job}`);
      const state = live === undefined ? "failed" : stateOf(live);
      if (state === "failed") failed = reasonOf(live);
      if (state !== "running") return [];
      if (!announced) {
        announced = true;
        await pulumi.log.info(`${name}: its migration runs; follow it with: ${logs} --follow`);
      }
      return ["it has not ended"];
    }, deadlineSeconds + graceSeconds);
    const problem = failed ?? missing[0];
    if (problem === undefined) return;
    throw new ProgramError(
      `The migration of ${name} failed: ${problem}. No pod of it was started, and stable runs as before. ` +
        `Read its log with "${logs}" and its events with "kubectl describe job ${job} --namespace ${namespace}". ` +
        "Then release a version that fixes it, or run the update again, which tries it again.",
    );
  }
}

function reasonOf(live: LiveJob | undefined): string {
  if (live === undefined) return "its Job was deleted meanwhile";
  const { reason, message } = conditionOf(live.status, "Failed") ?? {};
  return [reason, message].filter(Boolean).join(": ");
}
