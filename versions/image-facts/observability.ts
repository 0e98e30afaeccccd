import type { ImageFacts } from "./facts";
import type { ImageName } from "../images";

const none = { volumes: [], writes: [] } as const;
/** UID and GID of `nobody` in the images that are based on Prometheus' busybox, and in distroless ones. */
const nobody = { user: 65_534, group: 65_534 } as const;
/** Facts that KEDA's images have in common. Their base image has another working directory. */
const keda = { ...none, user: 65_532, group: 65_532, workingDirectory: "/" } as const;
const kedaLog = ["--zap-log-level=info", "--zap-encoder=console"] as const;

/** Facts about the images of monitoring, tracing, autoscaling and the dashboard. */
export const observabilityImageFacts = {
  prometheus: {
    ...nobody,
    entryPoint: ["/bin/prometheus"],
    command: ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"],
    workingDirectory: "/prometheus",
    volumes: ["/prometheus"],
    folders: [
      { path: "/prometheus", owner: [65_534, 65_534], mode: 0o775 },
      { path: "/etc/prometheus", owner: [65_534, 65_534] },
    ],
    writes: ["/prometheus"],
    shell: "/bin/sh",
    source:
      "github.com/prometheus/prometheus Dockerfile, v3.14.0; the tag without a suffix is the variant with busybox",
  },
  alertmanager: {
    ...nobody,
    entryPoint: ["/bin/alertmanager"],
    command: ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"],
    workingDirectory: "/alertmanager",
    volumes: ["/alertmanager"],
    folders: [
      { path: "/alertmanager", owner: [65_534, 65_534], mode: 0o775 },
      { path: "/etc/alertmanager", owner: [65_534, 65_534] },
    ],
    writes: ["/alertmanager"],
    shell: "/bin/sh",
    source: "github.com/prometheus/alertmanager Dockerfile, v0.34.0",
  },
  nodeExporter: {
    ...nobody,
    ...none,
    entryPoint: ["/bin/node_exporter"],
    shell: "/bin/sh",
    source: "github.com/prometheus/node_exporter Dockerfile, v1.12.1",
  },
  kubeStateMetrics: {
    ...nobody,
    ...none,
    entryPoint: ["/kube-state-metrics", "--port=8080", "--telemetry-port=8081"],
    source: "k8s.io/kube-state-metrics/v2 Dockerfile, v2.20.0: distroless",
  },
  grafana: {
    user: 472,
    group: 0,
    entryPoint: ["/run.sh"],
    workingDirectory: "/usr/share/grafana",
    environment: {
      GF_PATHS_CONFIG: "/etc/grafana/grafana.ini",
      GF_PATHS_DATA: "/var/lib/grafana",
      GF_PATHS_LOGS: "/var/log/grafana",
      GF_PATHS_PLUGINS: "/var/lib/grafana/plugins",
      GF_PATHS_PROVISIONING: "/etc/grafana/provisioning",
    },
    volumes: [],
    folders: [{ path: "/etc/grafana" }, { path: "/var/lib/grafana" }, { path: "/var/log/grafana" }],
    // Logs go to the console, according to the settings; bundled plugins are only read, because none is preinstalled.
    writes: ["/var/lib/grafana", "/tmp"],
    shell: "/bin/bash",
    source:
      "github.com/grafana/grafana Dockerfile, commit 78515af65f036f536c4ab2e6fdb5484552f99f1f; 13.2.0's own was not available",
  },
  otelCollector: {
    ...none,
    user: 10_001,
    group: 10_001,
    entryPoint: ["/otelcol-k8s"],
    source:
      "github.com/open-telemetry/opentelemetry-collector-releases distributions/otelcol-k8s/Dockerfile, commit 1400269f8ace841f8d0492f4f9c6c7f305f95268 (v0.158.0): from scratch, no CMD",
  },
  tempo: {
    user: 10_001,
    group: 10_001,
    entryPoint: ["/tempo"],
    volumes: [],
    folders: [{ path: "/var/tempo" }],
    writes: ["/var/tempo"],
    source:
      "github.com/grafana/tempo cmd/tempo/Dockerfile, commit f0f3ed59197bfe9f54f3b0f8015ccca112f9e544 (v2.10.8): distroless, no shell",
  },
  metricsServer: {
    ...none,
    ...nobody,
    entryPoint: ["/metrics-server"],
    // Its own certificate (--cert-dir).
    writes: ["/tmp"],
    source:
      "sigs.k8s.io/metrics-server Dockerfile, v0.9.0: USER 65534, which is nobody with its own group in distroless",
  },
  kedaOperator: {
    ...keda,
    entryPoint: ["/keda", ...kedaLog],
    source: "github.com/kedacore/keda/v2 Dockerfile, v2.20.2: distroless",
  },
  kedaMetrics: {
    ...keda,
    entryPoint: ["/keda-adapter", "--secure-port=6443", ...kedaLog],
    source: "github.com/kedacore/keda/v2 Dockerfile.adapter, v2.20.2: distroless",
  },
  kedaWebhooks: {
    ...keda,
    entryPoint: ["/keda-admission-webhooks", ...kedaLog],
    source: "github.com/kedacore/keda/v2 Dockerfile.webhooks, v2.20.2: distroless",
  },
  headlamp: {
    // Alpine's adduser gives a system user the first free number from 100.
    user: 100,
    group: 101,
    entryPoint: [
      "/headlamp/headlamp-server",
      ...["-html-static-dir", "/headlamp/frontend", "-plugins-dir", "/headlamp/plugins"],
    ],
    volumes: [],
    folders: [{ path: "/headlamp/plugins" }, { path: "/headlamp/static-plugins" }],
    // The start page, which contains the base URL.
    writes: ["/tmp"],
    shell: "/bin/sh",
    source:
      "github.com/kubernetes-sigs/headlamp Dockerfile, commit 0e9fe810cb618964172f420666727c9a67fd6ebf (v0.45.0)",
  },
} as const satisfies Partial<Record<ImageName, ImageFacts>>;
