import { hour } from "../../../config/durations";
import type { RuleGroup } from "./rule";

/**
 * Alerts on failed backups, and on systems without a recent successful one.
 * @param oldest age in hours at which the last successful backup is too old.
 */
export function backups(team: string, oldest: number): RuleGroup {
  const cronJob = (metric: string) =>
    `max by (namespace, cronjob) (kube_cronjob_${metric}{cronjob=~".*backup.*"})`;
  const last = cronJob("status_last_successful_time");
  // A CronJob that has never succeeded has no such time; then its age counts.
  const since = `(${last} or ${cronJob("created")})`;
  return {
    name: "backups",
    rules: [
      {
        alert: "BackupFailed",
        expr: 'max by (namespace, job_name) (kube_job_failed{condition="true",job_name=~".*backup.*"}) == 1',
        severity: "critical",
        team,
        summary: "The backup {{ $labels.job_name }} failed",
        description:
          "The job {{ $labels.job_name }} in {{ $labels.namespace }} failed after all its retries. The system has no new backup.",
      },
      {
        alert: "BackupOld",
        expr: `time() - ${since} > ${oldest * hour} unless ${cronJob("spec_suspend")} == 1`,
        for: "15m",
        severity: "critical",
        team,
        summary: "The last successful backup of {{ $labels.cronjob }} is too old",
        description:
          "The last successful run of {{ $labels.cronjob }} in {{ $labels.namespace }} was {{ $value | humanizeDuration }} ago.",
      },
    ],
  };
}
