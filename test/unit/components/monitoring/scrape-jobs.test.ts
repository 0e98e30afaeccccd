import assert from "node:assert/strict";
import { type Labels } from "../../../../components/monitoring/relabel";
import { isStored } from "../../../../components/monitoring/scrape";
import { jobNames, type JobName } from "../../../../components/monitoring/stored-metrics";
import { jobs, target } from "./jobs";

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
  it("all exist exactly once", () => {
    assert.deepEqual(
      jobs()
        .map(({ job_name }) => job_name)
        .sort(),
      [...jobNames].sort(),
    );
  });

  it("omit disabled parts of the control plane", () => {
    const off = { enabled: false };
    const names = jobs({ etcd: off, kubelet: off, apiserver: off }).map((entry) => entry.job_name);
    for (const name of ["etcd", "kubelet", "cadvisor", "apiserver"] as const) {
      assert.ok(!names.includes(name), name);
    }
    assert.ok(names.includes("scheduler"));
  });

  it("scrape an annotated pod of an app, labeled with its app, release and version", () => {
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

  it("use scheme, path and port of the annotations", () => {
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
    it(`omit ${what} from ${name}`, () => {
      assert.equal(target(name, { ...pod, ...labels }), undefined);
    });
  }

  it("scrape parts of the platform, and pods that belong to no team, as the platform's", () => {
    const part = { ...pod, pod_label_app_kubernetes_io_part_of: "registry" };
    assert.equal(target("platform", part)?.["app"], "shop");
    const foreign = { ...pod, pod_label_app_kubernetes_io_part_of: "" };
    assert.ok(target("platform", foreign));
  });

  it("let series of the platform keep their labels, but not those of an app", () => {
    const honored = jobs()
      .filter(({ honor_labels }) => honor_labels)
      .map(({ job_name }) => job_name);
    assert.deepEqual(honored, ["kube-state-metrics", "platform"]);
  });

  it("scrape every pod of a team as an app's, even one that claims to be part of the platform", () => {
    const labels = { ...pod, pod_label_app_kubernetes_io_part_of: "registry" };
    for (const namespace of ["content-online", "shops", "shops-feature-1"]) {
      assert.equal(target("platform", { ...labels, namespace }), undefined, namespace);
      assert.ok(target("apps", { ...labels, namespace }), namespace);
    }
    assert.ok(target("platform", { ...labels, namespace: "workshops" }));
  });

  it("store no metric of an app that rules and release checks would read as the platform's", () => {
    const reserved = [
      "traefik_service_requests_total",
      "kube_pod_container_status_restarts_total",
      "container_cpu_usage_seconds_total",
      "app:requests:total",
      "ALERTS",
    ];
    assert.deepEqual(
      reserved.filter((metric) => isStored("apps", metric)),
      [],
    );
    assert.ok(isStored("apps", "http_requests_total"));
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
