import { day } from "../../../config/durations";
import { perOwner, type Owner } from "./owners";
import type { Alert, RuleGroup } from "./rule";

/** Alerts on the pods, autoscalers, quotas and volumes of every namespace. */
export function workloads(all: Owner[]): RuleGroup {
  const alerts = (namespaces: string) => [
    ...pods(namespaces),
    down(namespaces),
    cronJob(namespaces),
    autoscaler(namespaces),
    quota(namespaces),
    ...volumes(namespaces),
  ];
  return { name: "workloads", rules: perOwner(all, alerts) };
}

function pods(namespaces: string): Alert[] {
  const running = `max by (namespace, pod) (kube_pod_status_phase{${namespaces},phase=~"Pending|Running|Unknown"}) == 1`;
  return [
    {
      alert: "PodNotReady",
      expr: `max by (namespace, pod) (kube_pod_status_ready{${namespaces},condition="true"}) == 0 and ${running}`,
      for: "15m",
      severity: "warning",
      summary: "Pod {{ $labels.pod }} is not ready",
      description:
        "Pod {{ $labels.pod }} in {{ $labels.namespace }} has not been ready for 15 minutes.",
    },
    {
      alert: "PodRestarting",
      expr: `sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${namespaces}}[15m])) > 3`,
      severity: "warning",
      summary: "Pod {{ $labels.pod }} restarts repeatedly",
      description:
        "Container {{ $labels.container }} of {{ $labels.pod }} in {{ $labels.namespace }} was restarted {{ $value | humanize }} times in 15 minutes.",
    },
  ];
}

/** A CronJob whose last run failed; backups have their own alert. */
function cronJob(namespaces: string): Alert {
  const job = "on (namespace, job_name)";
  const failed = `kube_job_created{${namespaces}} and ${job} (kube_job_failed{${namespaces},condition="true"} == 1)`;
  const owned = `kube_job_owner{${namespaces},owner_kind="CronJob",owner_name!~".*backup.*"}`;
  const by = "max by (namespace, cronjob)";
  const started = `${by} (label_replace((${failed}) * ${job} group_left (owner_name) ${owned}, "cronjob", "$1", "owner_name", "(.+)"))`;
  const succeeded = `(${by} (kube_cronjob_status_last_successful_time{${namespaces}}) or 0 * ${by} (kube_cronjob_created{${namespaces}}))`;
  return {
    alert: "CronJobFailed",
    expr: `${started} > ${succeeded}`,
    severity: "warning",
    summary: "The last run of {{ $labels.cronjob }} failed",
    description:
      "A run of the job {{ $labels.cronjob }} in {{ $labels.namespace }} failed, or took too long, and none has succeeded since.",
  };
}

function down(namespaces: string): Alert {
  const none = (kind: string, available: string, wanted: string) => {
    const by = `max by (namespace, ${kind})`;
    return `label_replace(${by} (${available}{${namespaces}}) == 0 and ${by} (${wanted}{${namespaces}}) > 0, "workload", "$1", "${kind}", "(.+)")`;
  };
  return {
    alert: "WorkloadDown",
    expr: [
      none(
        "deployment",
        "kube_deployment_status_replicas_available",
        "kube_deployment_spec_replicas",
      ),
      none("statefulset", "kube_statefulset_status_replicas_ready", "kube_statefulset_replicas"),
    ].join(" or "),
    for: "5m",
    severity: "critical",
    summary: "No pod of {{ $labels.workload }} is available",
    description:
      "{{ $labels.workload }} in {{ $labels.namespace }} should run, but has had no available pod for 5 minutes.",
  };
}

function autoscaler(namespaces: string): Alert {
  const hpa = (metric: string) =>
    `max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_${metric}{${namespaces}})`;
  return {
    alert: "AutoscalerAtLimit",
    // An autoscaler with a fixed number of replicas is always at its limit.
    expr: `${hpa("status_current_replicas")} >= ${hpa("spec_max_replicas")} and ${hpa("spec_max_replicas")} > ${hpa("spec_min_replicas")}`,
    for: "15m",
    severity: "warning",
    summary: "{{ $labels.horizontalpodautoscaler }} runs its maximum number of pods",
    description:
      "The autoscaler {{ $labels.horizontalpodautoscaler }} in {{ $labels.namespace }} has been at its maximum of {{ $value }} pods for 15 minutes. More load makes responses slower.",
  };
}

function quota(namespaces: string): Alert {
  const of = (type: string) =>
    `max by (namespace, resourcequota, resource) (kube_resourcequota{${namespaces},type="${type}"})`;
  return {
    alert: "QuotaNearlyFull",
    expr: `${of("used")} / (${of("hard")} > 0) > 0.9`,
    for: "15m",
    severity: "warning",
    summary: "{{ $labels.namespace }} has almost used up its quota of {{ $labels.resource }}",
    description:
      "{{ $value | humanizePercentage }} of the quota of {{ $labels.resource }} in {{ $labels.namespace }} is used. New pods are refused when nothing is left.",
  };
}

function volumes(namespaces: string): Alert[] {
  const claim = (operation: string, metric: string) =>
    `${operation} by (namespace, persistentvolumeclaim) (${metric})`;
  const free = `${claim("min", `kubelet_volume_stats_available_bytes{${namespaces}}`)} / ${claim("max", `kubelet_volume_stats_capacity_bytes{${namespaces}}`)}`;
  const inFourDays = `predict_linear(kubelet_volume_stats_available_bytes{${namespaces}}[6h], ${4 * day})`;
  const text = {
    alert: "VolumeFilling",
    summary: "The volume {{ $labels.persistentvolumeclaim }} is filling up",
    description:
      "{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }} is free. Writes to it fail when it is full.",
  };
  return [
    {
      ...text,
      expr: `${free} < 0.15 and ${claim("min", inFourDays)} < 0`,
      for: "1h",
      severity: "warning",
    },
    { ...text, expr: `${free} < 0.05`, for: "5m", severity: "critical" },
  ];
}
