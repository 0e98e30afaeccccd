import { stringify } from "yaml";
import type { RelabelRule } from "./relabel";
import type { ScrapeJob } from "./job";
import { scrapeJobs, type ScrapeArgs } from "./scrape";

/** What prometheus.yml is made from. */
export interface PrometheusFileArgs extends ScrapeArgs {
  /** Environment that every alert and every remote reader is told. */
  environment: string;
  /** Addresses of all Alertmanagers: each must hear of every alert, as they only tell each other what they sent. */
  alertmanagers: string[];
  /** How long samples are kept, seconds, and how much of the volume they may take, for example `8GB`. */
  retention: { time: number; size: string };
  /** Names of the rule files. */
  ruleFiles: string[];
}

/** `prometheus.yml`, as far as the platform uses it. */
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

/** Longest time for one answer, in seconds; never longer than the interval. */
const scrapeTimeout = 10;

/** The content of prometheus.yml. */
export function prometheusFile(args: PrometheusFileArgs): PrometheusFile {
  const { scrapeInterval, environment, alertmanagers, retention, ruleFiles } = args;
  return {
    global: {
      scrape_interval: `${scrapeInterval}s`,
      scrape_timeout: `${Math.min(scrapeTimeout, scrapeInterval)}s`,
      // Rules as often as samples: no result is newer than what it is made from.
      evaluation_interval: `${scrapeInterval}s`,
      // Prometheus puts in the pod's name, so that the two replicas' data can be told apart.
      external_labels: { environment, replica: "${POD_NAME}" },
    },
    // Here and not by the flags, which are deprecated: a change needs no restart.
    storage: { tsdb: { retention: { time: `${retention.time}s`, size: retention.size } } },
    // By name: a pattern would match the folders by which the kubelet changes all files at once.
    rule_files: ruleFiles.map((file) => `${rulesFolder}/${file}`),
    alerting: {
      // Alerts of both replicas must be the same alert.
      alert_relabel_configs: [{ regex: "replica", action: "labeldrop" }],
      alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }],
    },
    scrape_configs: scrapeJobs(args),
  };
}

/** Serialises a config file; no line is folded and nothing stands for something above. */
export function yaml(content: object): string {
  return stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
}
