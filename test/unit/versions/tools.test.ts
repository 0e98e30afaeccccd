import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { images, type ImageName } from "../../../versions/images";
import { checkout } from "../../../local/toolchain/paths";
import { tools } from "../../../local/toolchain/tools";

/** The images that each tool replaces in tests. */
const stands: Record<string, ImageName[]> = {
  etcd: ["etcd"],
  "etcd-clients": ["etcd"],
  pulumi: ["pulumi"],
  traefik: ["traefik"],
  "metrics-server": ["metricsServer"],
  prometheus: ["prometheus"],
  alertmanager: ["alertmanager"],
  "node-exporter": ["nodeExporter"],
  "kube-state-metrics": ["kubeStateMetrics"],
  otelcol: ["otelCollector"],
  "elasticsearch-exporter": ["elasticsearchExporter"],
  restic: ["restic"],
  "snapshot-controller": ["snapshotController"],
  keda: ["kedaOperator", "kedaMetrics", "kedaWebhooks"],
};

/** The tools that replace no image, with the reason. */
const withoutImage: Record<string, string> = {
  kubernetes: "the cluster brings its own control plane",
  "kubernetes-node": "runs on the local cluster's machines, in the control plane's version",
  kubeadm: "upgrades planned machines, in a nightly test only",
  containerd: "runs on the local cluster's machines only",
  coredns: "is the local cluster's name server, as every cluster brings its own",
  filebeat: "no registry carries the version that stacks pin; the nearest one is tested",
  kwok: "simulates nodes, in tests only",
  actionlint: "checks the workflow of GitHub Actions, in tests only",
  kubeconform: "checks objects, in tests only",
  versitygw: "stands for a company's bucket, in tests only",
  helm: "renders charts, on the machine of the person who updates them",
  kustomize: "renders kustomizations, on the machine of the person who updates them",
  "argo-rollouts": "is compared with this platform, in a benchmark only",
  flagger: "is compared with this platform, in a benchmark only",
  "dashboard-schema": "the decoder of Grafana's dashboards has a version of its own",
};

/** Returns the version of an image as a Go module's: Prometheus 3.14.0 is 0.314.0. */
function moduleVersion(name: ImageName): string {
  const version = images[name].tag.replace(/^v/, "");
  const [major, minor, patch] = version.split(".");
  return name === "prometheus" ? `0.${major}${minor?.padStart(2, "0")}.${patch}` : version;
}

describe("the tools that tests use", () => {
  for (const tool of tools) {
    it(`${tool.name} is the version that stacks pin, or corresponds to no image`, () => {
      const { [tool.name]: pinned } = stands;
      if (pinned === undefined) {
        assert.ok(
          withoutImage[tool.name],
          `${tool.name}: expected an entry in \`stands\` with its images, or in \`withoutImage\` with a reason`,
        );
        return;
      }
      for (const image of pinned) {
        assert.equal(tool.version, moduleVersion(image), `images.${image} in images.ts`);
      }
    });

    it(`${tool.name} is built from the version that it reports`, () => {
      const file = join("local/toolchain/modules", tool.module, "go.mod");
      const isRequired = new RegExp(`\\sv${tool.version.replaceAll(".", "\\.")}(\\s|$)`).test(
        readFileSync(join(checkout, file), "utf8"),
      );
      assert.ok(
        isRequired,
        `expected version ${tool.version} in ${file}, got none; run \`go get -tool <package>@v${tool.version}\` in its folder`,
      );
    });
  }
});
