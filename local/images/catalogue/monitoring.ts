import { builtImages } from "./built";

/** Images whose programs the toolchain builds. */
export const monitoring = builtImages({
  prometheus: {
    binary: "prometheus",
    path: "/bin/prometheus",
    differs: "without its web pages, whose build a Go module does not carry",
  },
  alertmanager: { binary: "alertmanager", path: "/bin/alertmanager" },
  nodeExporter: { binary: "node_exporter", path: "/bin/node_exporter" },
  kubeStateMetrics: { binary: "kube-state-metrics", path: "/kube-state-metrics" },
  metricsServer: { binary: "metrics-server", path: "/metrics-server" },
});
