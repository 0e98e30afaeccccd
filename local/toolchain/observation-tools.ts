import { tools } from "../../versions/tools";
import { copyOf, generateCollector } from "./sources";
import type { Tool } from "./tool";

const { prometheus, alertmanager, nodeExporter, kubeStateMetrics, collector } = tools;
const { restic, snapshotController, keda, dashboardSchema } = tools;

const prometheusVersion = "github.com/prometheus/common/version.Version";

/** Servers and tools for tests of monitoring, tracing, backup and autoscaling. */
export const observationTools: readonly Tool[] = [
  {
    name: "prometheus",
    version: prometheus,
    purpose: "test",
    module: "prometheus",
    // A plain build lacks the web UI, but has the whole API, which the tests use.
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
    // The published module lacks the web UI that is compiled into the server; the tests use its API.
    source: copyOf("github.com/prometheus/alertmanager", { "ui/app/dist/index.html": "" }),
    binaries: { alertmanager: "./cmd/alertmanager", amtool: "./cmd/amtool" },
    stamp: [`${prometheusVersion}=${alertmanager}`],
  },
  {
    name: "node-exporter",
    version: nodeExporter,
    // Only nightly tests use it.
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
    version: dashboardSchema,
    purpose: "test",
    module: "dashboard-schema",
    binaries: { "dashboard-schema": "." },
    stamp: [],
  },
  {
    name: "otelcol",
    version: collector,
    // Only nightly tests use it; it takes longest to build.
    purpose: "nightly",
    module: "otelcol",
    source: generateCollector,
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
    // Only nightly tests use it.
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
    // Contains the SDKs of all clouds: 20 minutes on two cores.
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
