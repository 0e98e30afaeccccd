import type { ControlPlaneConfig } from "../../config";
import { controlPlaneJobs } from "./control-plane";
import { meta, metricRulesOf, plainJob, type ScrapeJob } from "./job";
import type { JobName } from "./stored-metrics";
import { copy, drop, keep, relabelled, type Labels, type RelabelRule } from "./relabel";

/** What the jobs depend on beside the cluster's own ways. */
export interface ScrapeArgs {
  controlPlane: ControlPlaneConfig;
  /** Seconds between two scrapes of a target. */
  scrapeInterval: number;
  /** Namespace of kube-state-metrics. */
  namespace: string;
  /** Namespace of node-exporter. */
  nodeNamespace: string;
  /** Samples that one pod of an app may give. */
  appSampleLimit: number;
}

/** Namespace of Traefik. */
const gatewayNamespace = "gateway";

/** Seconds between two scrapes of the gateway at the most. */
const gatewayInterval = 15;

/** Pods that have a job of their own; the one for the platform's annotated pods leaves them out. */
const ownJobs = ["kube-state-metrics", "node-exporter", "traefik"] as const;

/** Every job, in the order of the file. */
export function scrapeJobs(args: ScrapeArgs): ScrapeJob[] {
  return [
    ...controlPlaneJobs(args.controlPlane),
    {
      ...exporter("kube-state-metrics", args.namespace, "metrics|telemetry"),
      // Its series tell of other objects: their namespace and pod stand, not its own.
      honor_labels: true,
    },
    exporter("node-exporter", args.nodeNamespace, "metrics", [
      copy(meta("pod_node_name"), "node"),
      // An alert on a machine names the machine.
      copy(meta("pod_node_name"), "instance"),
    ]),
    {
      ...exporter("traefik", gatewayNamespace, "metrics", podLabels),
      // Releases are judged by its counters; half a minute is long in a canary's first minutes.
      scrape_interval: `${Math.min(args.scrapeInterval, gatewayInterval)}s`,
    },
    {
      ...annotatedPods("platform", [
        drop(podLabel("part_of"), "apps"),
        drop(podLabel("name"), ownJobs.join("|")),
      ]),
      // Exporters among them tell of the nodes and pods of others.
      honor_labels: true,
    },
    {
      ...annotatedPods("apps", [keep(podLabel("part_of"), "apps")]),
      sample_limit: args.appSampleLimit,
    },
  ];
}

/**
 * Whether a job stores a metric, by the rules that Prometheus gets.
 * @param labels the series' labels, those of a pod without more.
 */
export function kept(job: JobName, metric: string, labels: Labels = { pod: "any" }): boolean {
  return relabelled({ ...labels, __name__: metric }, metricRulesOf(job)) !== undefined;
}

function podLabel(name: "name" | "instance" | "part_of" | "version"): string {
  return meta(`pod_label_app_kubernetes_io_${name}`);
}

/** Says which pod a series is of. No label of the container: a pod with two would be scraped twice. */
const podLabels: RelabelRule[] = [
  copy(meta("namespace"), "namespace"),
  copy(meta("pod_name"), "pod"),
  copy(meta("pod_node_name"), "node"),
];

/** The pods of one workload, by the names of their ports for metrics. */
function exporter(
  name: (typeof ownJobs)[number],
  namespace: string,
  ports: string,
  labels: RelabelRule[] = [],
): ScrapeJob {
  return {
    ...plainJob(name),
    kubernetes_sd_configs: [
      {
        role: "pod",
        namespaces: { names: [namespace] },
        selectors: [{ role: "pod", label: `app.kubernetes.io/name=${name}` }],
      },
    ],
    relabel_configs: [keep(meta("pod_container_port_name"), ports), ...labels],
  };
}

/** Pods that ask for it by `prometheus.io/scrape|scheme|path|port`. */
function annotatedPods(name: "platform" | "apps", which: RelabelRule[]): ScrapeJob {
  const annotation = (key: string) => meta(`pod_annotation_prometheus_io_${key}`);
  const address = (regex: string, replacement: string): RelabelRule => ({
    source_labels: [meta("pod_ip"), annotation("port")],
    regex,
    target_label: "__address__",
    replacement,
    action: "replace",
  });
  return {
    ...plainJob(name),
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
      keep(annotation("scrape"), "true"),
      ...which,
      drop(meta("pod_phase"), "Pending|Succeeded|Failed"),
      drop(meta("pod_container_init"), "true"),
      { ...copy(annotation("scheme"), "__scheme__"), regex: "(https?)" },
      { ...copy(annotation("path"), "__metrics_path__"), regex: "(.+)" },
      address("([0-9.]+);([0-9]+)", "$1:$2"),
      address("([0-9a-f]*:[0-9a-f:]*);([0-9]+)", "[$1]:$2"),
      ...podLabels,
      copy(podLabel("name"), "app"),
      copy(podLabel("instance"), "release"),
      copy(podLabel("version"), "version"),
    ],
  };
}
