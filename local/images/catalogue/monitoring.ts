import { builtImages } from "./built";

const nobody = "65534:65534";

/** Facts that images of the Prometheus project have in common: busybox, and the user nobody. */
const busybox = { user: nobody, shell: true };

/** Images whose programs the toolchain builds. */
export const monitoring = builtImages({
  prometheus: {
    binary: "prometheus",
    path: "/bin/prometheus",
    facts: {
      ...busybox,
      entrypoint: ["/bin/prometheus"],
      command: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
      workdir: "/prometheus",
      volumes: ["/prometheus"],
      folders: [
        { path: "/prometheus", owner: [65534, 65534] },
        { path: "/etc/prometheus", owner: [65534, 65534] },
      ],
      source:
        "prometheus/prometheus v3.14.0, Dockerfile: USER nobody, WORKDIR and VOLUME /prometheus",
    },
    differs: "without its web pages, whose build a Go module does not carry",
  },
  alertmanager: {
    binary: "alertmanager",
    path: "/bin/alertmanager",
    facts: {
      ...busybox,
      entrypoint: ["/bin/alertmanager"],
      command: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
      workdir: "/alertmanager",
      volumes: ["/alertmanager"],
      folders: [
        { path: "/alertmanager", owner: [65534, 65534] },
        { path: "/etc/alertmanager", owner: [65534, 65534] },
      ],
      source:
        "prometheus/alertmanager v0.34.0, Dockerfile: USER nobody, WORKDIR and VOLUME /alertmanager",
    },
  },
  nodeExporter: {
    binary: "node_exporter",
    path: "/bin/node_exporter",
    facts: {
      ...busybox,
      entrypoint: ["/bin/node_exporter"],
      source: "prometheus/node_exporter v1.12.1, Dockerfile: USER nobody",
    },
  },
  kubeStateMetrics: {
    binary: "kube-state-metrics",
    path: "/kube-state-metrics",
    facts: {
      user: nobody,
      entrypoint: ["/kube-state-metrics", "--port=8080", "--telemetry-port=8081"],
      shell: false,
      source: "kubernetes/kube-state-metrics v2.20.0, Dockerfile: distroless, USER nobody",
    },
  },
  metricsServer: {
    binary: "metrics-server",
    path: "/metrics-server",
    facts: {
      user: "65534",
      entrypoint: ["/metrics-server"],
      shell: false,
      source: "kubernetes-sigs/metrics-server v0.9.0, Dockerfile: distroless, USER 65534",
    },
  },
});
