import { metricRules, type JobName } from "./stored-metrics";
import { drop, metricRelabeling, type RelabelRule } from "./relabel";

/** How Prometheus discovers targets: objects of the cluster. */
export interface Discovery {
  role: "pod" | "node" | "endpointslice";
  namespaces?: { names: string[] };
  /** Filters at the API server, so that only the objects that are needed are watched. */
  selectors?: { role: "pod"; label: string }[];
}

/** An entry of `scrape_configs`, restricted to the fields that the platform uses. */
export interface ScrapeJob {
  job_name: JobName;
  scheme: "http" | "https";
  metrics_path: string;
  /** Default: the global interval of the file. */
  scrape_interval?: string;
  /** Whether a label of a series takes precedence over the same label of its target. */
  honor_labels: boolean;
  /** Whether to use the timestamps of the target's samples. */
  honor_timestamps: boolean;
  /** Largest number of samples; a scrape with more fails as a whole. */
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

/** A job without settings of its own. */
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

/** Returns the meta label of a discovered object. */
export function metaLabel(name: string): string {
  return `__meta_kubernetes_${name}`;
}

/** Returns the rules with which a job drops series. */
export function metricRulesOf(job: JobName): RelabelRule[] {
  const rules = metricRelabeling(metricRules[job]);
  if (job !== "cadvisor") return rules;
  // Control groups above the pods, and the node's own services: some fifty per node.
  return [...rules, drop(["__name__", "pod"], "container_.*;")];
}
