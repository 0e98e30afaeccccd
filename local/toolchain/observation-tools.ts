import { copyOf, generatedCollector } from "./sources";
import type { Tool } from "./tool";

/** The Go module of Prometheus 3.14 is numbered 0.314. */
const prometheus = "0.314.0";
const alertmanager = "0.34.0";
const nodeExporter = "1.12.1";
const kubeStateMetrics = "2.20.0";
const collector = "0.158.0";
const restic = "0.18.1";
const snapshotController = "8.5.0";
const keda = "2.20.2";

const prometheusVersion = "github.com/prometheus/common/version.Version";

/** The servers and tools by which monitoring, tracing, backup, and autoscaling are tested. */
export const observationTools: readonly Tool[] = [
  {
    name: "prometheus",
    version: prometheus,
    purpose: "test",
    module: "prometheus",
    // The server's pages are left out of a plain build; its API, which tests ask, is whole.
    binaries: Object.fromEntries(
      ["prometheus", "promtool"].map((name) => [
        name,
        `github.com/prometheus/prometheus/cmd/${name}`,
      ]),
    ),
    stamp: [`${prometheusVersion}=${prometheus}`],
  },
  {
    name: "alertmanager",
    version: alertmanager,
    purpose: "test",
    module: "alertmanager",
    // The published module lacks the pages that are compiled into the server; tests ask its API.
    source: copyOf("github.com/prometheus/alertmanager", { "ui/app/dist/index.html": "" }),
    binaries: { alertmanager: "./cmd/alertmanager", amtool: "./cmd/amtool" },
    stamp: [`${prometheusVersion}=${alertmanager}`],
  },
  {
    name: "node-exporter",
    version: nodeExporter,
    // No test of each run starts it yet.
    purpose: "nightly",
    module: "node-exporter",
    binaries: { node_exporter: "github.com/prometheus/node_exporter" },
    stamp: [`${prometheusVersion}=${nodeExporter}`],
  },
  {
    name: "kube-state-metrics",
    version: kubeStateMetrics,
    purpose: "test",
    module: "kube-state-metrics",
    binaries: { "kube-state-metrics": "k8s.io/kube-state-metrics/v2" },
    stamp: [`${prometheusVersion}=v${kubeStateMetrics}`],
  },
  {
    name: "dashboard-schema",
    version: "0.0.22",
    purpose: "test",
    module: "dashboard-schema",
    binaries: { "dashboard-schema": "." },
    stamp: [],
  },
  {
    name: "otelcol",
    version: collector,
    // No test of each run starts it yet; the slowest of these to build.
    purpose: "nightly",
    module: "otelcol",
    source: generatedCollector,
    binaries: { otelcol: "." },
    stamp: [],
  },
  {
    name: "restic",
    version: restic,
    purpose: "test",
    module: "restic",
    binaries: { restic: "github.com/restic/restic/cmd/restic" },
    stamp: [`main.version=${restic}`],
  },
  {
    name: "snapshot-controller",
    version: snapshotController,
    // No test of each run starts it yet.
    purpose: "nightly",
    module: "snapshot-controller",
    binaries: {
      "snapshot-controller":
        "github.com/kubernetes-csi/external-snapshotter/v8/cmd/snapshot-controller",
    },
    stamp: [`main.version=v${snapshotController}`],
  },
  {
    name: "keda",
    version: keda,
    // The software development kits of all clouds: a third of an hour on two cores.
    purpose: "nightly",
    module: "keda",
    source: copyOf("github.com/kedacore/keda/v2"),
    binaries: {
      "keda-operator": "./cmd/operator",
      "keda-adapter": "./cmd/adapter",
      "keda-webhooks": "./cmd/webhooks",
    },
    stamp: [`github.com/kedacore/keda/v2/version.Version=${keda}`],
  },
];
