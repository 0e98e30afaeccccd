import type { PartNamespace } from "./args";
import type { Alert, RuleGroup } from "./rule";
import { withoutReadyPods } from "./stateful-sets";

/** Alerts on Jenkins. */
export function jenkins({ namespace }: PartNamespace, team: string): RuleGroup {
  return {
    name: "jenkins",
    rules: [
      {
        alert: "JenkinsDown",
        expr: withoutReadyPods({ namespace, prefix: "jenkins" }),
        for: "10m",
        severity: "critical",
        team,
        summary: "Jenkins is down",
        description:
          "Jenkins in {{ $labels.namespace }} has not been ready for 10 minutes. Nothing is built or released.",
      },
      {
        alert: "JenkinsQueueLong",
        expr: "max(jenkins_queue_size_value) > 20 or max(jenkins_queue_stuck_value) > 0",
        for: "15m",
        severity: "warning",
        team,
        summary: "Builds are waiting in Jenkins' queue",
        description:
          "{{ $value }} builds have waited for 15 minutes. There are no agents, or not enough of them.",
      },
    ],
  };
}

/** Alerts on Harbor. */
export function harbor({ namespace }: PartNamespace, team: string): RuleGroup {
  return { name: "harbor", rules: [harborDown(team), ...harborStorage(namespace, team)] };
}

function harborDown(team: string): Alert {
  return {
    alert: "HarborDown",
    expr: "min by (component) (harbor_up) == 0",
    for: "5m",
    severity: "critical",
    team,
    summary: "Harbor's {{ $labels.component }} is down",
    description:
      "Harbor has reported its {{ $labels.component }} as down for 5 minutes. A node that has not yet pulled an image may be unable to start its pod.",
  };
}

function harborStorage(namespace: string, team: string): Alert[] {
  const claim = `namespace="${namespace}",persistentvolumeclaim=~".*registry.*"`;
  const by = "by (namespace, persistentvolumeclaim)";
  const used = `1 - min ${by} (kubelet_volume_stats_available_bytes{${claim}}) / max ${by} (kubelet_volume_stats_capacity_bytes{${claim}})`;
  // -1 for a project without a quota.
  const quota =
    "max by (project_name) (harbor_project_quota_usage_byte) / (max by (project_name) (harbor_project_quota_byte) > 0)";
  return (["warning", "critical"] as const).map((severity) => {
    const limit = severity === "warning" ? 0.8 : 0.95;
    return {
      alert: "HarborStorageFilling",
      expr: `${used} > ${limit} or ${quota} > ${limit}`,
      for: "15m",
      severity,
      team,
      summary: "Harbor's storage is filling up",
      description:
        "{{ $value | humanizePercentage }} of {{ if $labels.project_name }}the quota of the project {{ $labels.project_name }}{{ else }}the registry's volume {{ $labels.persistentvolumeclaim }}{{ end }} is used. Images cannot be pushed when it is full.",
    };
  });
}
