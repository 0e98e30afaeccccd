import assert from "node:assert/strict";
import { exporters } from "../../../../components/monitoring/exporters";
import { isStored } from "../../../../components/monitoring/scrape";
import { jobNames, type JobName } from "../../../../components/monitoring/stored-metrics";
import { images } from "../../../../versions/images";
import { metricSources } from "../../../support/contracts/metrics";
import { metricsRows as rows } from "../../../support/metrics-table";

function isJob(name: string): name is JobName {
  return (jobNames as readonly string[]).includes(name);
}

/** The metrics that R14 lists. */
const required = [
  /^apiserver/,
  /^controller-manager/,
  /^scheduler/,
  /^etcd/,
  /^kubelet/,
  /^kube-proxy/,
  /^node-exporter/,
  /^number of namespaces/,
  /^number of services/,
  /^number of pods/,
  /^number of workloads/,
  /^containers: CPU/,
  /^containers: memory, total/,
  /^containers: memory, rss/,
  /^containers: memory, cache/,
  /^containers: traffic in/,
  /^containers: traffic out/,
  /^containers: packets dropped/,
  /^containers: packets in error/,
  /^containers: packets in total/,
  /^gateway routes/,
  /^platform/,
];

describe("the table of docs/metrics.md", () => {
  it("names everything that R14 lists", () => {
    const missing = required.filter((pattern) => !rows.some(({ what }) => pattern.test(what)));
    assert.deepEqual(missing, []);
  });

  it("has a row for every job", () => {
    assert.deepEqual([...new Set(rows.map(({ job }) => job))].sort(), [...jobNames].sort());
  });

  for (const { what, metrics, job } of rows) {
    it(`shows "${what}" by metrics that are stored`, () => {
      assert.ok(metrics.length > 0, "the row names no metric");
      assert.ok(isJob(job), `${job} is no job`);
      for (const metric of metrics) assert.ok(isStored(job, metric), `${job} drops ${metric}`);
    });
  }
});

describe("the stored metrics", () => {
  /** Jobs of sources with their own job; all others are parts of the platform. */
  const jobs: Record<string, JobName> = {
    "kube-apiserver": "apiserver",
    ...Object.fromEntries(jobNames.map((name) => [name, name])),
  };

  for (const [source, metrics] of Object.entries(exporters)) {
    it(`include everything that rules and dashboards query from ${source}`, () => {
      const dropped = metrics.filter((metric) => !isStored(jobs[source] ?? "platform", metric));
      assert.deepEqual(dropped, []);
    });
  }

  const cases: [job: JobName, metric: string, stored: boolean][] = [
    ["apiserver", "apiserver_request_total", true],
    ["apiserver", "apiserver_response_sizes_bucket", false],
    ["apiserver", "etcd_disk_wal_fsync_duration_seconds_bucket", false],
    ["apiserver", "x_apiserver_request_total", false],
    ["cadvisor", "container_fs_reads_bytes_total", true],
    ["cadvisor", "container_fs_io_time_seconds_total", false],
    ["cadvisor", "container_fs_reads_seconds_total", false],
    ["cadvisor", "container_tasks_state", false],
    ["cadvisor", "machine_cpu_cores", true],
    ["kube-state-metrics", "kube_pod_labels", true],
    ["kube-state-metrics", "kube_namespace_annotations", false],
    ["kube-state-metrics", "kube_pod_status_qos_class", false],
    ["kube-state-metrics", "kube_secret_info", false],
    ["node-exporter", "node_arp_entries", false],
    ["traefik", "go_gc_duration_seconds", false],
    ["platform", "go_gc_duration_seconds", false],
    ["platform", "anything_else", true],
    ["apps", "orders_total", true],
  ];
  for (const [job, metric, stored] of cases) {
    it(`${stored ? "has" : "has not"} ${metric} of ${job}`, () => {
      assert.equal(isStored(job, metric), stored);
    });
  }

  it("contain nothing of control groups that do not belong to pods", () => {
    const metric = "container_cpu_usage_seconds_total";
    assert.equal(isStored("cadvisor", metric, { id: "/system.slice/sshd.service" }), false);
    assert.equal(isStored("cadvisor", metric, { id: "/kubepods/a", pod: "shop-1" }), true);
    assert.equal(isStored("cadvisor", "machine_memory_bytes", {}), true);
  });
});

describe("metrics of systems that tests cannot run", () => {
  for (const [name, { source, metrics }] of Object.entries(metricSources)) {
    it(`are in the source of ${name}: ${source}`, () => {
      const asked = exporters[name as keyof typeof exporters];
      assert.deepEqual([...asked].sort(), Object.keys(metrics).sort());
    });
  }

  it("are compared in the versions that stacks pin", () => {
    const pinned = {
      tempo: "tempo",
      "kafka-exporter": "kafkaExporter",
      harbor: "harborExporter",
    } as const;
    for (const [name, image] of Object.entries(pinned)) {
      const version = metricSources[name]?.source.split(" ")[1]?.replace(/^v/, "");
      assert.equal(version, images[image].tag.replace(/^v/, ""));
    }
  });
});
