import type { ControlPlaneConfig } from "../../config";
import { controlPlaneJobs } from "./control-plane";
import { metaLabel, metricRulesOf, plainJob, type ScrapeJob } from "./job";
import type { JobName } from "./stored-metrics";
import { copy, drop, keep, relabel, type Labels, type RelabelRule } from "./relabel";

/** Arguments of {@link scrapeJobs}. */
export interface ScrapeArgs {
  /** Which parts of the control plane to scrape, and how. */
  controlPlane: ControlPlaneConfig;
  /** Seconds between two scrapes of a target. */
  scrapeInterval: number;
  /** Namespace of kube-state-metrics. */
  namespace: string;
  /** Namespace of node-exporter. */
  nodeNamespace: string;
  /** Largest number of samples of one pod of an app. */
  appSampleLimit: number;
  /** Namespaces of teams. Their pods are apps, whatever their labels say. */
  teamNamespaces: readonly string[];
}

/** Namespace of Traefik. */
const gatewayNamespace = "gateway";

/** Longest scrape interval of the gateway, seconds. */
const gatewayInterval = 15;

/** Pods with their own job, which the job for the platform's annotated pods skips. */
const ownJobs = ["kube-state-metrics", "node-exporter", "traefik"] as const;

/** Returns every job, in the order of the file. */
export function scrapeJobs(args: ScrapeArgs): ScrapeJob[] {
  return [
    ...controlPlaneJobs(args.controlPlane),
    {
      ...exporter("kube-state-metrics", args.namespace, "metrics|telemetry"),
      // Its series describe other objects, and keep the namespace and pod of these.
      honor_labels: true,
    },
    exporter("node-exporter", args.nodeNamespace, "metrics", [
      copy(metaLabel("pod_node_name"), "node"),
      // An alert on a node shows the node's name.
      copy(metaLabel("pod_node_name"), "instance"),
    ]),
    {
      ...exporter("traefik", gatewayNamespace, "metrics", podLabels),
      // Releases are evaluated by its counters, and 30 seconds are long in a canary's first minutes.
      scrape_interval: `${Math.min(args.scrapeInterval, gatewayInterval)}s`,
    },
    {
      ...annotatedPods("platform", [
        drop([podLabel("part_of"), metaLabel("namespace")], ofTeams(args.teamNamespaces)),
        drop(podLabel("name"), ownJobs.join("|")),
      ]),
      // Some exporters describe the nodes and pods of others. A team's pod must not: it would count as another one.
      honor_labels: true,
    },
    {
      ...annotatedPods("apps", [
        keep([podLabel("part_of"), metaLabel("namespace")], ofTeams(args.teamNamespaces)),
      ]),
      sample_limit: args.appSampleLimit,
    },
  ];
}

/**
 * Whether a job stores a metric, according to its rules.
 * @param labels labels of the series; by default those of any pod.
 */
export function isStored(job: JobName, metric: string, labels: Labels = { pod: "any" }): boolean {
  return relabel({ ...labels, __name__: metric }, metricRulesOf(job)) !== undefined;
}

/** Matches the label `part-of` and the namespace of a team's pod, also in the environment of a branch. */
function ofTeams(namespaces: readonly string[]): string {
  const own = namespaces.length === 0 ? [] : [`.*;(${namespaces.join("|")})(-.+)?`];
  return ["apps;.*", ...own].join("|");
}

function podLabel(name: "name" | "instance" | "part_of" | "version"): string {
  return metaLabel(`pod_label_app_kubernetes_io_${name}`);
}

/** Adds the pod to a series. The container is left out, because a pod with two would be scraped twice. */
const podLabels: RelabelRule[] = [
  copy(metaLabel("namespace"), "namespace"),
  copy(metaLabel("pod_name"), "pod"),
  copy(metaLabel("pod_node_name"), "node"),
];

/** Scrapes the pods of one workload, by the names of their metrics ports. */
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
    relabel_configs: [keep(metaLabel("pod_container_port_name"), ports), ...labels],
  };
}

/** Scrapes pods with the annotations `prometheus.io/scrape|scheme|path|port`. */
function annotatedPods(name: "platform" | "apps", which: RelabelRule[]): ScrapeJob {
  const annotation = (key: string) => metaLabel(`pod_annotation_prometheus_io_${key}`);
  const address = (regex: string, replacement: string): RelabelRule => ({
    source_labels: [metaLabel("pod_ip"), annotation("port")],
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
      drop(metaLabel("pod_phase"), "Pending|Succeeded|Failed"),
      drop(metaLabel("pod_container_init"), "true"),
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
