import { images, type ImageName } from "./images";

/** Returns the version of the program in an image: its tag without a leading `v`. */
function versionIn(image: ImageName): string {
  return images[image].tag.replace(/^v/, "");
}

/** Returns the version of the Go module with Prometheus: that of Prometheus 3.14.0 is 0.314.0. */
function prometheusModule(): string {
  const [major, minor = "", patch] = versionIn("prometheus").split(".");
  return `0.${major}${minor.padStart(2, "0")}.${patch}`;
}

/**
 * Versions of the tools that run next to the platform: in tests, on local clusters, and on the machine of a person who
 * updates charts. A tool that replaces an image in tests has the image's version. After a change, run
 * `go get -tool <package>@v<version>` in the tool's folder of `local/toolchain/modules/`.
 */
export const tools = {
  /** The engine, and its image for CI jobs. */
  pulumi: versionIn("pulumi"),
  etcd: versionIn("etcd"),
  traefik: versionIn("traefik"),
  metricsServer: versionIn("metricsServer"),
  prometheus: prometheusModule(),
  alertmanager: versionIn("alertmanager"),
  nodeExporter: versionIn("nodeExporter"),
  kubeStateMetrics: versionIn("kubeStateMetrics"),
  collector: versionIn("otelCollector"),
  restic: versionIn("restic"),
  snapshotController: versionIn("snapshotController"),
  keda: versionIn("kedaOperator"),
  elasticsearchExporter: versionIn("elasticsearchExporter"),
  /** Of local clusters, and of the schemas that objects are validated against. */
  kubernetes: "1.36.3",
  /** The oldest and the newest supported version, which the nightly tests use. */
  otherKubernetes: ["1.34.4", "1.37.2"],
  containerd: "2.4.2",
  coredns: "1.15.0",
  kwok: "0.8.0",
  kubeconform: "0.7.0",
  actionlint: "1.7.12",
  versitygw: "1.8.0",
  /** Decoder of Grafana's dashboards; a program of this project, with a version of its own. */
  dashboardSchema: "0.0.22",
  /** The newest version in the module proxy; the version that stacks pin is in no registry. */
  filebeat: "7.17.29",
  /** Compared with this platform by a benchmark. */
  argoRollouts: "1.9.0",
  flagger: "1.36.1",
  /** Custom resource definitions that come with no program above. */
  crds: { gatewayApi: "1.4.0", externalSecrets: "0.16.2", volumeSnapshot: "8.6.0" },
  /** Python package with the linter of Dockerfiles. */
  hadolint: "2.15.1",
  /** Python package with the schemas that CI systems publish, including GitLab's. */
  checkJsonschema: "0.39.0",
} as const;
