import { critical, platform, warning, type AlertCase } from "./case";

const jenkins = (ready: number) => ({
  'kube_statefulset_status_replicas_ready{namespace="jenkins",statefulset="jenkins"}': `${ready}x60`,
});
const registry = (available: number) => {
  const labels = '{namespace="harbor",persistentvolumeclaim="harbor-registry"}';
  return {
    [`kubelet_volume_stats_available_bytes${labels}`]: `${available}x60`,
    [`kubelet_volume_stats_capacity_bytes${labels}`]: "100x60",
  };
};
const quota = (used: number, allowed: number) => ({
  'harbor_project_quota_usage_byte{project_name="shop.example.com"}': `${used}x60`,
  'harbor_project_quota_byte{project_name="shop.example.com"}': `${allowed}x60`,
});
const volume = {
  ...platform,
  namespace: "harbor",
  persistentvolumeclaim: "harbor-registry",
};
/** Time 0 is the start of the test, so an event of a day ago has a negative time. */
const longAgo = -100_000;
const cronJob = (metric: string, value: number) => ({
  [`kube_cronjob_${metric}{namespace="harbor",cronjob="harbor-backup"}`]: `${value}x60`,
});
const old = { ...platform, ...critical, namespace: "harbor", cronjob: "harbor-backup" };

/** Alerts on Jenkins, Harbor and backups. */
export const delivery: AlertCase[] = [
  {
    alert: "JenkinsDown",
    fires: [
      {
        series: jenkins(0),
        at: "15m",
        labels: [{ ...platform, ...critical, namespace: "jenkins", statefulset: "jenkins" }],
      },
    ],
    quiet: [{ series: jenkins(1), at: "15m" }],
  },
  {
    alert: "JenkinsQueueLong",
    fires: [
      {
        series: { jenkins_queue_size_value: "25x60" },
        at: "20m",
        labels: [{ ...platform, ...warning }],
      },
      {
        series: { jenkins_queue_size_value: "1x60", jenkins_queue_stuck_value: "1x60" },
        at: "20m",
        labels: [{ ...platform, ...warning }],
      },
    ],
    quiet: [
      {
        series: { jenkins_queue_size_value: "20x60", jenkins_queue_stuck_value: "0x60" },
        at: "20m",
      },
    ],
  },
  {
    alert: "HarborDown",
    fires: [
      {
        series: {
          'harbor_up{component="registry"}': "0x60",
          'harbor_up{component="core"}': "1x60",
        },
        at: "10m",
        labels: [{ ...platform, ...critical, component: "registry" }],
      },
    ],
    quiet: [{ series: { 'harbor_up{component="registry"}': "1x60" }, at: "10m" }],
  },
  {
    alert: "HarborStorageFilling",
    fires: [
      { series: registry(15), at: "20m", labels: [{ ...volume, ...warning }] },
      {
        series: registry(2),
        at: "20m",
        labels: [
          { ...volume, ...critical },
          { ...volume, ...warning },
        ],
      },
      {
        series: quota(90, 100),
        at: "20m",
        labels: [{ ...platform, ...warning, project_name: "shop.example.com" }],
      },
    ],
    quiet: [
      { series: registry(50), at: "20m" },
      { series: quota(50, 100), at: "20m" },
      { series: quota(50, -1), at: "20m" },
    ],
  },
  {
    alert: "BackupFailed",
    fires: [
      {
        series: {
          'kube_job_failed{namespace="harbor",job_name="harbor-backup-1",condition="true"}': "1x60",
        },
        at: "5m",
        labels: [{ ...platform, ...critical, namespace: "harbor", job_name: "harbor-backup-1" }],
      },
    ],
    quiet: [
      {
        series: {
          'kube_job_failed{namespace="harbor",job_name="harbor-backup-1",condition="true"}': "0x60",
          'kube_job_failed{namespace="harbor",job_name="other-1",condition="true"}': "1x60",
        },
        at: "5m",
      },
    ],
  },
  {
    alert: "BackupOld",
    fires: [
      { series: cronJob("status_last_successful_time", longAgo), at: "30m", labels: [old] },
      // No run has ever succeeded.
      { series: cronJob("created", longAgo), at: "30m", labels: [old] },
    ],
    quiet: [
      {
        series: {
          ...cronJob("status_last_successful_time", -50_000),
          ...cronJob("created", longAgo),
        },
        at: "30m",
      },
      {
        series: {
          ...cronJob("status_last_successful_time", longAgo),
          ...cronJob("spec_suspend", 1),
        },
        at: "30m",
      },
    ],
  },
];
