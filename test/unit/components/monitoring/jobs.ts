import assert from "node:assert/strict";
import type { z } from "zod";
import type { ScrapeJob } from "../../../../components/monitoring/job";
import { relabel, type Labels } from "../../../../components/monitoring/relabel";
import { scrapeJobs } from "../../../../components/monitoring/scrape";
import { type JobName } from "../../../../components/monitoring/stored-metrics";
import { controlPlane } from "../../../../config/components/control-plane";

type ControlPlaneInput = z.input<typeof controlPlane>;

export function jobs(config: ControlPlaneInput = {}, scrapeInterval = 30): ScrapeJob[] {
  return scrapeJobs({
    controlPlane: controlPlane.parse(config),
    scrapeInterval,
    namespace: "monitoring",
    nodeNamespace: "monitoring-nodes",
    appSampleLimit: 5000,
    teamNamespaces: ["content-online", "shops"],
  });
}

export function job(name: JobName, config: ControlPlaneInput = {}): ScrapeJob {
  const found = jobs(config).find(({ job_name }) => job_name === name);
  assert.ok(found, `there is no job ${name}`);
  return found;
}

/** Returns the labels of a target, without those that Prometheus drops after relabeling. */
export function target(name: JobName, found: Labels): Labels | undefined {
  const { scheme, metrics_path, relabel_configs } = job(name);
  const all = { __scheme__: scheme, __metrics_path__: metrics_path, ...meta(found) };
  const labels = relabel(all, relabel_configs);
  return (
    labels &&
    Object.fromEntries(
      Object.entries(labels).filter(
        ([label, value]) => !label.startsWith("__meta_") && value !== "",
      ),
    )
  );
}

function meta(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [
      label.startsWith("__") ? label : `__meta_kubernetes_${label}`,
      value,
    ]),
  );
}
