import assert from "node:assert/strict";
import type { z } from "zod";
import type { ScrapeJob } from "../../../components/monitoring/job";
import { prometheusFile } from "../../../components/monitoring/prometheus-config";
import { relabelled, type Labels, type RelabelRule } from "../../../components/monitoring/relabel";
import { scrapeJobs } from "../../../components/monitoring/scrape";
import { retentionSize } from "../../../components/monitoring/sizing";
import { jobNames, type JobName } from "../../../components/monitoring/stored-metrics";
import { controlPlane } from "../../../config/components/control-plane";

type ControlPlaneInput = z.input<typeof controlPlane>;

function jobs(config: ControlPlaneInput = {}, scrapeInterval = 30): ScrapeJob[] {
  return scrapeJobs({
    controlPlane: controlPlane.parse(config),
    scrapeInterval,
    namespace: "monitoring",
    nodeNamespace: "monitoring-nodes",
    appSampleLimit: 5000,
  });
}

function job(name: JobName, config: ControlPlaneInput = {}): ScrapeJob {
  const found = jobs(config).find(({ job_name }) => job_name === name);
  assert.ok(found, `there is no job ${name}`);
  return found;
}

/** Returns the labels of a target, without those that Prometheus drops after relabeling. */
function target(name: JobName, found: Labels): Labels | undefined {
  const { scheme, metrics_path, relabel_configs } = job(name);
  const all = { __scheme__: scheme, __metrics_path__: metrics_path, ...meta(found) };
  const labels = relabelled(all, relabel_configs);
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

const pod: Labels = {
  __address__: "10.1.2.3:8080",
  namespace: "commerce-dev",
  pod_name: "shop-1",
  pod_ip: "10.1.2.3",
  pod_node_name: "node-7",
  pod_phase: "Running",
  pod_container_init: "false",
  pod_annotation_prometheus_io_scrape: "true",
  pod_label_app_kubernetes_io_name: "shop",
  pod_label_app_kubernetes_io_instance: "shop-1-4-2",
  pod_label_app_kubernetes_io_version: "1.4.2",
  pod_label_app_kubernetes_io_part_of: "apps",
};

describe("scrape jobs", () => {
  it("are all there, once each", () => {
    assert.deepEqual(
      jobs()
        .map(({ job_name }) => job_name)
        .sort(),
      [...jobNames].sort(),
    );
  });

  it("leave out the parts of the control plane that are switched off", () => {
    const off = { enabled: false };
    const names = jobs({ etcd: off, kubelet: off, apiserver: off }).map((entry) => entry.job_name);
    for (const name of ["etcd", "kubelet", "cadvisor", "apiserver"] as const) {
      assert.ok(!names.includes(name), name);
    }
    assert.ok(names.includes("scheduler"));
  });

  it("scrape an annotated pod of an app, with what it is of", () => {
    assert.deepEqual(target("apps", pod), {
      __scheme__: "http",
      __metrics_path__: "/metrics",
      __address__: "10.1.2.3:8080",
      namespace: "commerce-dev",
      pod: "shop-1",
      node: "node-7",
      app: "shop",
      release: "shop-1-4-2",
      version: "1.4.2",
    });
  });

  it("heed scheme, path and port of the annotations", () => {
    const found = target("apps", {
      ...pod,
      pod_annotation_prometheus_io_scheme: "https",
      pod_annotation_prometheus_io_path: "/actuator/prometheus",
      pod_annotation_prometheus_io_port: "9404",
    });
    assert.equal(found?.["__scheme__"], "https");
    assert.equal(found["__metrics_path__"], "/actuator/prometheus");
    assert.equal(found["__address__"], "10.1.2.3:9404");
    const v6 = { ...pod, pod_ip: "fd00::1:2", pod_annotation_prometheus_io_port: "9404" };
    assert.equal(target("apps", v6)?.["__address__"], "[fd00::1:2]:9404");
    const odd = { ...pod, pod_annotation_prometheus_io_scheme: "file" };
    assert.equal(target("apps", odd)?.["__scheme__"], "http");
  });

  const leftOut: [what: string, name: JobName, labels: Labels][] = [
    ["a pod that does not ask", "apps", { pod_annotation_prometheus_io_scrape: "" }],
    ["a pod that says false", "apps", { pod_annotation_prometheus_io_scrape: "false" }],
    ["a pod that has ended", "apps", { pod_phase: "Succeeded" }],
    ["an init container", "apps", { pod_container_init: "true" }],
    ["a part of the platform", "apps", { pod_label_app_kubernetes_io_part_of: "registry" }],
    ["a pod of an app", "platform", {}],
    ...(["traefik", "kube-state-metrics", "node-exporter"] as const).map(
      (name): [string, JobName, Labels] => [
        `${name}, which has its own job`,
        "platform",
        {
          pod_label_app_kubernetes_io_part_of: "monitoring",
          pod_label_app_kubernetes_io_name: name,
        },
      ],
    ),
    ["another port of Traefik", "traefik", { pod_container_port_name: "web" }],
    [
      "another Service of the namespace default",
      "apiserver",
      { service_name: "kubernetes", endpointslice_port_name: "http" },
    ],
  ];
  for (const [what, name, labels] of leftOut) {
    it(`leave out ${what} from ${name}`, () => {
      assert.equal(target(name, { ...pod, ...labels }), undefined);
    });
  }

  it("scrape parts of the platform, and pods of others, as the platform's", () => {
    const part = { ...pod, pod_label_app_kubernetes_io_part_of: "registry" };
    assert.equal(target("platform", part)?.["app"], "shop");
    const foreign = { ...pod, pod_label_app_kubernetes_io_part_of: "" };
    assert.ok(target("platform", foreign));
  });

  it("let series of the platform keep their labels, and none of an app", () => {
    const honored = jobs()
      .filter(({ honor_labels }) => honor_labels)
      .map(({ job_name }) => job_name);
    assert.deepEqual(honored, ["kube-state-metrics", "platform"]);
  });

  it("limit the samples of apps only", () => {
    for (const entry of jobs()) {
      assert.equal(entry.sample_limit, entry.job_name === "apps" ? 5000 : undefined);
    }
  });

  it("scrape both ports of kube-state-metrics and name nodes by their names", () => {
    for (const port of ["metrics", "telemetry"]) {
      assert.ok(target("kube-state-metrics", { ...pod, pod_container_port_name: port }));
    }
    const node = target("node-exporter", { ...pod, pod_container_port_name: "metrics" });
    assert.equal(node?.["instance"], "node-7");
    assert.equal(node["node"], "node-7");
  });

  it("scrape the gateway at least every 15 seconds", () => {
    const interval = (global: number) =>
      jobs({}, global).find(({ job_name }) => job_name === "traefik")?.scrape_interval;
    assert.equal(interval(60), "15s");
    assert.equal(interval(5), "5s");
  });
});

describe("scrape jobs of the control plane", () => {
  const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";

  const parts: [name: JobName, label: string, address: string, scheme: string, auth: boolean][] = [
    ["etcd", "component=etcd", "10.0.0.1:2381", "http", false],
    ["controller-manager", "component=kube-controller-manager", "10.0.0.1:10257", "https", true],
    ["scheduler", "component=kube-scheduler", "10.0.0.1:10259", "https", true],
    ["kube-proxy", "k8s-app=kube-proxy", "10.0.0.1:10249", "http", false],
    ["coredns", "k8s-app=kube-dns", "10.0.0.1:9153", "http", false],
  ];
  for (const [name, label, address, scheme, auth] of parts) {
    it(`find ${name} among the pods of kube-system`, () => {
      const { kubernetes_sd_configs, authorization, ...rest } = job(name);
      assert.deepEqual(kubernetes_sd_configs, [
        {
          role: "pod",
          namespaces: { names: ["kube-system"] },
          selectors: [{ role: "pod", label }],
        },
      ]);
      assert.equal(rest.scheme, scheme);
      assert.equal(authorization?.credentials_file, auth ? token : undefined);
      const labels = { pod_ip: "10.0.0.1", pod_name: "p", pod_node_name: "n", __address__: "?" };
      const found = target(name, labels);
      assert.equal(found?.["__address__"], address);
      assert.equal(found["node"], "n");
      assert.equal(
        target(name, { ...labels, pod_ip: "fd00::1" })?.["__address__"],
        `[fd00::1]:${address.split(":")[1] ?? ""}`,
      );
    });
  }

  it("read the kubelets' own metrics and their containers' from one address", () => {
    for (const [name, path] of [
      ["kubelet", "/metrics"],
      ["cadvisor", "/metrics/cadvisor"],
    ] as const) {
      const { kubernetes_sd_configs, metrics_path, honor_timestamps, tls_config } = job(name);
      assert.deepEqual(kubernetes_sd_configs, [{ role: "node" }]);
      assert.equal(metrics_path, path);
      assert.equal(honor_timestamps, name === "kubelet");
      assert.equal(tls_config?.insecure_skip_verify, true);
      assert.equal(target(name, { node_name: "node-7", __address__: "a:1" })?.["node"], "node-7");
    }
  });

  it("verify the API server by the cluster's CA", () => {
    assert.deepEqual(job("apiserver").tls_config, {
      ca_file: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
      insecure_skip_verify: false,
    });
    const found = { service_name: "kubernetes", endpointslice_port_name: "https" };
    assert.ok(target("apiserver", found));
  });

  it("take addresses, TLS and credentials from the config", () => {
    const etcd = job("etcd", {
      etcd: {
        addresses: ["10.0.0.11:2379"],
        scheme: "https",
        tls: { secret: "etcd-client", serverName: "etcd.example.com" },
        credentials: "serviceAccount",
      },
    });
    assert.deepEqual(etcd.static_configs, [{ targets: ["10.0.0.11:2379"] }]);
    assert.equal(etcd.kubernetes_sd_configs, undefined);
    assert.deepEqual(etcd.relabel_configs, []);
    assert.deepEqual(etcd.tls_config, {
      ca_file: "/etc/prometheus/certificates/etcd-client/ca.crt",
      cert_file: "/etc/prometheus/certificates/etcd-client/tls.crt",
      key_file: "/etc/prometheus/certificates/etcd-client/tls.key",
      server_name: "etcd.example.com",
      insecure_skip_verify: false,
    });
    assert.equal(etcd.authorization?.credentials_file, token);
    const other = job("scheduler", {
      scheduler: { port: 1234, podLabels: { app: "s", tier: "c" } },
    });
    assert.equal(other.kubernetes_sd_configs?.[0]?.selectors?.[0]?.label, "app=s,tier=c");
    const moved = relabelled({ __meta_kubernetes_pod_ip: "10.0.0.1" }, other.relabel_configs);
    assert.equal(moved?.["__address__"], "10.0.0.1:1234");
  });
});

describe("prometheus.yml", () => {
  const file = prometheusFile({
    controlPlane: controlPlane.parse({}),
    scrapeInterval: 5,
    namespace: "monitoring",
    nodeNamespace: "monitoring-nodes",
    appSampleLimit: 5000,
    environment: "gray",
    retention: { time: 864_000, size: "81920MB" },
    alertmanagers: ["alertmanager-0:9093", "alertmanager-1:9093"],
    ruleFiles: ["apps.yaml", "nodes.yaml"],
  });

  it("never waits longer for an answer than until the next question", () => {
    assert.equal(file.global.scrape_interval, "5s");
    assert.equal(file.global.scrape_timeout, "5s");
  });

  it("says how long samples are kept, and how much of the volume they take", () => {
    assert.deepEqual(file.storage.tsdb.retention, { time: "864000s", size: "81920MB" });
  });

  it("distinguishes replicas, but not in alerts", () => {
    assert.deepEqual(file.global.external_labels, {
      environment: "gray",
      replica: "${POD_NAME}",
    });
    const alert = relabelled(
      { alertname: "A", replica: "prometheus-0" },
      file.alerting.alert_relabel_configs,
    );
    assert.deepEqual(alert, { alertname: "A" });
  });

  it("names every Alertmanager and every rule file", () => {
    assert.deepEqual(file.alerting.alertmanagers[0]?.static_configs[0]?.targets, [
      "alertmanager-0:9093",
      "alertmanager-1:9093",
    ]);
    assert.deepEqual(file.rule_files, [
      "/etc/prometheus/rules/apps.yaml",
      "/etc/prometheus/rules/nodes.yaml",
    ]);
  });
});

describe("relabelling", () => {
  const cases: [what: string, rule: RelabelRule, result: Labels | undefined][] = [
    ["keeps by the whole value", { source_labels: ["a"], regex: "x", action: "keep" }, undefined],
    ["drops by the whole value", { source_labels: ["a"], regex: "xy", action: "drop" }, undefined],
    [
      "joins labels",
      { source_labels: ["a", "b"], regex: "(.+);(.+)", target_label: "c", replacement: "$2-${1}" },
      { a: "xy", b: "z", c: "z-xy" },
    ],
    [
      "copies labels by pattern",
      { regex: "(b)", replacement: "new_$1", action: "labelmap" },
      { a: "xy", b: "z", new_b: "z" },
    ],
    ["drops labels", { regex: "b", action: "labeldrop" }, { a: "xy" }],
    [
      "leaves alone what does not match",
      { source_labels: ["a"], regex: "q", target_label: "c" },
      { a: "xy", b: "z" },
    ],
  ];
  for (const [what, rule, result] of cases) {
    it(what, () => assert.deepEqual(relabelled({ a: "xy", b: "z" }, [rule]), result));
  }
});

describe("retention by size", () => {
  const cases: [volume: string, size: string][] = [
    ["50Gi", "40960MB"],
    ["1Ti", "838860MB"],
    ["512Mi", "409MB"],
    ["10240Ki", "8MB"],
  ];
  for (const [volume, size] of cases) {
    it(`is ${size} of a volume of ${volume}`, () => assert.equal(retentionSize(volume), size));
  }
});
