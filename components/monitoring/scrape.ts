import type { ControlPlaneConfig } from "../../config";
import { controlPlaneJobs } from "./control-plane";
import { metricRules, type JobName } from "./metrics";
import { copy, drop, keep, metricRelabelling, relabelled, type RelabelRule } from "./relabel";
import type { Labels } from "./relabel";

/** What Prometheus finds targets by: objects of the cluster. */
export interface Discovery {
  role: "pod" | "node" | "endpointslice";
  namespaces?: { names: string[] };
  /** Filters at the API server, so that only what is wanted is watched. */
  selectors?: { role: "pod"; label: string }[];
}

/** One entry of `scrape_configs`, as far as the platform uses it. */
export interface ScrapeJob {
  job_name: JobName;
  scheme: "http" | "https";
  metrics_path: string;
  /** Whether a label of a series wins over the same label of its target. */
  honor_labels: boolean;
  /** Whether the times that a target gives with its samples count. */
  honor_timestamps: boolean;
  /** More samples than this and the whole scrape is refused. */
  sample_limit?: number;
  tls_config?: {
    ca_file?: string;
    cert_file?: string;
    key_file?: string;
    server_name?: string;
    insecure_skip_verify: boolean;
  };
  authorization?: { type: "Bearer"; credentials_file: string };
  kubernetes_sd_configs?: Discovery[];
  static_configs?: { targets: string[] }[];
  relabel_configs: RelabelRule[];
  metric_relabel_configs: RelabelRule[];
}

/** What the jobs depend on beside the cluster's own ways. */
export interface ScrapeArgs {
  controlPlane: ControlPlaneConfig;
  /** Namespace of kube-state-metrics. */
  namespace: string;
  /** Namespace of node-exporter. */
  nodeNamespace: string;
  /** Samples that one pod of an app may give. */
  appSampleLimit: number;
}

/** Namespace of Traefik. */
const gatewayNamespace = "gateway";

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
    exporter("node-exporter", args.nodeNamespace, "metrics", [copy(meta("pod_node_name"), "node")]),
    exporter("traefik", gatewayNamespace, "metrics", podLabels),
    annotatedPods("platform", [
      drop(podLabel("part_of"), "apps"),
      drop(podLabel("name"), ownJobs.join("|")),
    ]),
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

/** A job without anything of its own. */
export function plainJob(name: JobName): ScrapeJob {
  return {
    job_name: name,
    scheme: "http",
    metrics_path: "/metrics",
    honor_labels: false,
    honor_timestamps: true,
    relabel_configs: [],
    metric_relabel_configs: metricRulesOf(name),
  };
}

/** Meta label of something that was found in the cluster. */
export function meta(name: string): string {
  return `__meta_kubernetes_${name}`;
}

function metricRulesOf(job: JobName): RelabelRule[] {
  const rules = metricRelabelling(metricRules[job]);
  if (job !== "cadvisor") return rules;
  // Control groups above the pods, and the machine's own services: some fifty a node.
  return [...rules, drop(["__name__", "pod"], "container_.*;")];
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
