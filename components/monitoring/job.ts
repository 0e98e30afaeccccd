import { metricRules, type JobName } from "./stored-metrics";
import { drop, metricRelabelling, type RelabelRule } from "./relabel";

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
  /** The file's own interval without it. */
  scrape_interval?: string;
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

/** The rules by which a job leaves series out. */
export function metricRulesOf(job: JobName): RelabelRule[] {
  const rules = metricRelabelling(metricRules[job]);
  if (job !== "cadvisor") return rules;
  // Control groups above the pods, and the machine's own services: some fifty a node.
  return [...rules, drop(["__name__", "pod"], "container_.*;")];
}
