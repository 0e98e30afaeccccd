import { commerce, critical, platform, warning, type AlertCase } from "./case";

const namespace = "commerce-dev";
const pod = (phase: string, ready: 0 | 1, inNamespace = namespace) => ({
  [`kube_pod_status_ready{namespace="${inNamespace}",pod="shop-1",condition="true"}`]: `${ready}x60`,
  [`kube_pod_status_phase{namespace="${inNamespace}",pod="shop-1",phase="${phase}"}`]: "1x60",
});
const replicas = (kind: "deployment" | "statefulset", available: number, wanted: number) => {
  const labels = `{namespace="${namespace}",${kind}="shop-1-4-2"}`;
  return kind === "deployment"
    ? {
        [`kube_deployment_status_replicas_available${labels}`]: `${available}x60`,
        [`kube_deployment_spec_replicas${labels}`]: `${wanted}x60`,
      }
    : {
        [`kube_statefulset_status_replicas_ready${labels}`]: `${available}x60`,
        [`kube_statefulset_replicas${labels}`]: `${wanted}x60`,
      };
};
const cronRun = ({
  failed,
  started,
  cronjob = "shop-clean",
}: {
  failed: boolean;
  started: number;
  cronjob?: string;
}) => {
  const job = `namespace="${namespace}",job_name="${cronjob}-1"`;
  return {
    [`kube_job_created{${job}}`]: `${started}x60`,
    [`kube_job_owner{${job},owner_kind="CronJob",owner_name="${cronjob}"}`]: "1x60",
    [`kube_job_failed{${job},condition="true"}`]: `${failed ? 1 : 0}x60`,
    [`kube_cronjob_created{namespace="${namespace}",cronjob="${cronjob}"}`]: "10x60",
  };
};
const cronSuccess = (time: number) => ({
  [`kube_cronjob_status_last_successful_time{namespace="${namespace}",cronjob="shop-clean"}`]: `${time}x60`,
});
const autoscaler = (current: number, min: number, max: number) => {
  const labels = `{namespace="${namespace}",horizontalpodautoscaler="shop"}`;
  return {
    [`kube_horizontalpodautoscaler_status_current_replicas${labels}`]: `${current}x60`,
    [`kube_horizontalpodautoscaler_spec_min_replicas${labels}`]: `${min}x60`,
    [`kube_horizontalpodautoscaler_spec_max_replicas${labels}`]: `${max}x60`,
  };
};
const quota = (used: number, hard: number) => {
  const labels = `namespace="${namespace}",resourcequota="team",resource="pods"`;
  return {
    [`kube_resourcequota{${labels},type="used"}`]: `${used}x60`,
    [`kube_resourcequota{${labels},type="hard"}`]: `${hard}x60`,
  };
};
const volume = (available: string) => {
  const labels = `{namespace="${namespace}",persistentvolumeclaim="data"}`;
  return {
    [`kubelet_volume_stats_available_bytes${labels}`]: available,
    [`kubelet_volume_stats_capacity_bytes${labels}`]: "100x400",
  };
};
const claim = { ...commerce, namespace, persistentvolumeclaim: "data" };

/** Alerts on pods, autoscalers, quotas and volumes. */
export const workloads: AlertCase[] = [
  {
    alert: "PodNotReady",
    fires: [
      {
        series: { ...pod("Running", 0), ...pod("Pending", 0, "harbor") },
        at: "20m",
        labels: [
          { ...commerce, ...warning, namespace, pod: "shop-1" },
          { ...platform, ...warning, namespace: "harbor", pod: "shop-1" },
        ],
      },
    ],
    quiet: [
      { series: pod("Running", 1), at: "20m" },
      { series: pod("Succeeded", 0), at: "20m" },
      { series: pod("Running", 0), at: "10m" },
    ],
  },
  {
    alert: "PodRestarting",
    fires: [
      {
        series: {
          [`kube_pod_container_status_restarts_total{namespace="${namespace}",pod="shop-1",container="shop"}`]:
            "0+1x60",
        },
        at: "20m",
        labels: [{ ...commerce, ...warning, namespace, pod: "shop-1", container: "shop" }],
      },
    ],
    quiet: [
      {
        series: {
          [`kube_pod_container_status_restarts_total{namespace="${namespace}",pod="shop-1",container="shop"}`]:
            "7x10 8x50",
        },
        at: "20m",
      },
    ],
  },
  {
    alert: "CronJobFailed",
    fires: [
      {
        series: cronRun({ failed: true, started: 1000 }),
        at: "5m",
        labels: [{ ...commerce, ...warning, namespace, cronjob: "shop-clean" }],
      },
      {
        series: { ...cronRun({ failed: true, started: 1000 }), ...cronSuccess(900) },
        at: "5m",
        labels: [{ ...commerce, ...warning, namespace, cronjob: "shop-clean" }],
      },
    ],
    quiet: [
      { series: cronRun({ failed: false, started: 1000 }), at: "5m" },
      // A failed run is kept with its logs after a later run has succeeded.
      { series: { ...cronRun({ failed: true, started: 1000 }), ...cronSuccess(1100) }, at: "5m" },
      { series: cronRun({ failed: true, started: 1000, cronjob: "backup-nexus" }), at: "5m" },
    ],
  },
  {
    alert: "WorkloadDown",
    fires: [
      {
        series: replicas("deployment", 0, 2),
        at: "10m",
        labels: [
          {
            ...commerce,
            ...critical,
            namespace,
            deployment: "shop-1-4-2",
            workload: "shop-1-4-2",
          },
        ],
      },
      {
        series: replicas("statefulset", 0, 1),
        at: "10m",
        labels: [
          {
            ...commerce,
            ...critical,
            namespace,
            statefulset: "shop-1-4-2",
            workload: "shop-1-4-2",
          },
        ],
      },
    ],
    quiet: [
      { series: replicas("deployment", 1, 2), at: "10m" },
      { series: replicas("deployment", 0, 0), at: "10m" },
    ],
  },
  {
    alert: "AutoscalerAtLimit",
    fires: [
      {
        series: autoscaler(10, 2, 10),
        at: "20m",
        labels: [{ ...commerce, ...warning, namespace, horizontalpodautoscaler: "shop" }],
      },
    ],
    quiet: [
      { series: autoscaler(9, 2, 10), at: "20m" },
      { series: autoscaler(2, 2, 2), at: "20m" },
    ],
  },
  {
    alert: "QuotaNearlyFull",
    fires: [
      {
        series: quota(95, 100),
        at: "20m",
        labels: [{ ...commerce, ...warning, namespace, resourcequota: "team", resource: "pods" }],
      },
    ],
    quiet: [
      { series: quota(90, 100), at: "20m" },
      { series: quota(0, 0), at: "20m" },
    ],
  },
  {
    alert: "VolumeFilling",
    fires: [
      { series: volume("20-0.04x400"), at: "300m", labels: [{ ...claim, ...warning }] },
      { series: volume("3x400"), at: "10m", labels: [{ ...claim, ...critical }] },
    ],
    quiet: [
      { series: volume("10x400"), at: "300m" },
      { series: volume("90-0.04x400"), at: "300m" },
    ],
  },
];
