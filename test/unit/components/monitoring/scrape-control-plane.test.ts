import assert from "node:assert/strict";
import { relabel } from "../../../../components/monitoring/relabel";
import { type JobName } from "../../../../components/monitoring/stored-metrics";
import { job, target } from "./jobs";

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
    const moved = relabel({ __meta_kubernetes_pod_ip: "10.0.0.1" }, other.relabel_configs);
    assert.equal(moved?.["__address__"], "10.0.0.1:1234");
  });
});
