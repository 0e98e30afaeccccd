import { tools } from "../../toolchain/tools";
import type { Assembled, ImageFacts } from "../facts";
import { program, shell } from "../layers";

const nobody = "65534:65534";

/** What the images of the Prometheus project have in common: its busybox, and the user nobody. */
const busybox = { user: nobody, shell: true };

type Part = "prometheus" | "alertmanager" | "kubeStateMetrics" | "nodeExporter" | "metricsServer";

const all: Record<Part, { binary: string; facts: ImageFacts; path: string; differs?: string }> = {
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
};

/** Those whose program the toolchain has. */
export const monitoring: Partial<Record<Part, Assembled>> = Object.fromEntries(
  Object.entries(all)
    .filter(([, { binary }]) => tools.some(({ binaries }) => binary in binaries))
    .map(([name, { binary, facts, path, differs }]) => [
      name,
      { facts, differs, layers: [...(facts.shell ? [shell] : []), program(binary, path)] },
    ]),
);
