import { stringify } from "yaml";
import type { RelabelRule } from "./relabel";
import type { ScrapeJob } from "./job";
import { scrapeJobs, type ScrapeArgs } from "./scrape";

/** Arguments of {@link prometheusFile}. */
export interface PrometheusFileArgs extends ScrapeArgs {
  /** Environment, a label of every alert and of every sample that is read or written remotely. */
  environment: string;
  /**
   * Addresses of all Alertmanagers. Each must receive every alert, because they share only which notifications they
   * have sent.
   */
  alertmanagers: string[];
  /** How long samples are kept, seconds, and how much of the volume they may use, for example `8GB`. */
  retention: { time: number; size: string };
  /** Names of the rule files. */
  ruleFiles: string[];
}

/** `prometheus.yml`, restricted to the fields that the platform uses. */
export interface PrometheusFile {
  global: {
    scrape_interval: string;
    scrape_timeout: string;
    evaluation_interval: string;
    external_labels: Record<string, string>;
  };
  storage: { tsdb: { retention: { time: string; size: string } } };
  rule_files: string[];
  alerting: {
    alert_relabel_configs: RelabelRule[];
    alertmanagers: { static_configs: { targets: string[] }[] }[];
  };
  scrape_configs: ScrapeJob[];
}

/** Folder of the rule files. */
export const rulesFolder = "/etc/prometheus/rules";

/** Largest timeout of a scrape, seconds; never longer than the interval. */
const scrapeTimeout = 10;

/** Returns the content of prometheus.yml. */
export function prometheusFile(args: PrometheusFileArgs): PrometheusFile {
  const { scrapeInterval, environment, alertmanagers, retention, ruleFiles } = args;
  return {
    global: {
      scrape_interval: `${scrapeInterval}s`,
      scrape_timeout: `${Math.min(scrapeTimeout, scrapeInterval)}s`,
      // The same interval as for samples: a result cannot be newer than its samples.
      evaluation_interval: `${scrapeInterval}s`,
      // Prometheus inserts the pod's name, so that the data of the two replicas can be distinguished.
      external_labels: { environment, replica: "${POD_NAME}" },
    },
    // Set here instead of by the deprecated flags, so that a change needs no restart.
    storage: { tsdb: { retention: { time: `${retention.time}s`, size: retention.size } } },
    // By name: a pattern would also match the folders with which the kubelet replaces all files at once.
    rule_files: ruleFiles.map((file) => `${rulesFolder}/${file}`),
    alerting: {
      // Alerts of both replicas must be identical.
      alert_relabel_configs: [{ regex: "replica", action: "labeldrop" }],
      alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }],
    },
    scrape_configs: scrapeJobs(args),
  };
}

/** Serializes a config file without folded lines and aliases. */
export function yaml(content: object): string {
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}
