import { renderers } from "../../versions/charts";
import { tools as versions } from "../../versions/tools";
import { comparisonTools } from "./comparison-tools";
import {
  controlPlane,
  kubernetes,
  kubernetesDownload,
  kubernetesStamp,
  newestKubeadm,
  otherControlPlanes,
} from "./kubernetes";
import { loggingTools } from "./logging-tools";
import { machineTools } from "./machine-tools";
import { observationTools } from "./observation-tools";
import type { Download, Platform, Tool } from "./tool";

export { kubernetes } from "./kubernetes";

const { pulumi: engine, kwok, etcd, traefik, metricsServer, kubeconform } = versions;
const { actionlint, versitygw } = versions;
const { helm, kustomize } = renderers;

/** Every tool, in the order in which they are installed. */
export const tools: readonly Tool[] = [
  {
    name: "etcd",
    version: etcd,
    purpose: "local",
    module: "etcd",
    binaries: { etcd: "go.etcd.io/etcd/server/v3" },
    stamp: [],
    download: (_binary, platform) => etcdArchive(platform),
  },
  {
    name: "kwok",
    version: kwok,
    purpose: "local",
    module: "kwok",
    binaries: { kwok: "sigs.k8s.io/kwok/cmd/kwok", kwokctl: "sigs.k8s.io/kwok/cmd/kwokctl" },
    stamp: [`sigs.k8s.io/kwok/pkg/consts.Version=v${kwok}`],
    download: (binary, { os, architecture }) => ({
      url: `https://github.com/kubernetes-sigs/kwok/releases/download/v${kwok}/${binary}-${os}-${architecture}`,
      checksums: `https://github.com/kubernetes-sigs/kwok/releases/download/v${kwok}/checksums.txt`,
    }),
  },
  {
    name: "pulumi",
    version: engine,
    purpose: "local",
    module: "pulumi",
    binaries: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    stamp: [`github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engine}`],
    download: (_binary, { os, architecture }) => ({
      url: `https://get.pulumi.com/releases/sdk/pulumi-v${engine}-${os}-${architecture === "amd64" ? "x64" : architecture}.tar.gz`,
      checksums: `https://github.com/pulumi/pulumi/releases/download/v${engine}/pulumi-${engine}-checksums.txt`,
      archiveFolder: "pulumi",
    }),
  },
  controlPlane(kubernetes, "kubernetes", "local"),
  ...otherControlPlanes,
  ...machineTools(kubernetes, kubernetesStamp(kubernetes), (binary, platform) =>
    kubernetesDownload(kubernetes, binary, platform),
  ),
  // After the one of the default version, which a name without a version means.
  newestKubeadm,
  {
    name: "traefik",
    version: traefik,
    purpose: "test",
    module: "traefik",
    binaries: { traefik: "github.com/traefik/traefik/v3/cmd/traefik" },
    stamp: [`github.com/traefik/traefik/v3/pkg/version.Version=${traefik}`],
  },
  {
    name: "metrics-server",
    version: metricsServer,
    purpose: "test",
    module: "metrics-server",
    binaries: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
    stamp: [`k8s.io/client-go/pkg/version.gitVersion=v${metricsServer}`],
  },
  {
    name: "etcd-clients",
    version: etcd,
    purpose: "test",
    module: "etcd",
    binaries: {
      etcdctl: "go.etcd.io/etcd/etcdctl/v3",
      etcdutl: "go.etcd.io/etcd/etcdutl/v3",
    },
    stamp: [],
    download: (_binary, platform) => etcdArchive(platform),
  },
  ...observationTools,
  ...loggingTools,
  ...comparisonTools,
  {
    name: "kubeconform",
    version: kubeconform,
    purpose: "test",
    module: "kubeconform",
    binaries: { kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform" },
    stamp: [`main.version=v${kubeconform}`],
  },
  {
    name: "actionlint",
    version: actionlint,
    purpose: "test",
    module: "actionlint",
    binaries: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
    stamp: [`github.com/rhysd/actionlint.version=${actionlint}`],
  },
  {
    name: "versitygw",
    version: versitygw,
    purpose: "test",
    module: "versitygw",
    // An S3 server that verifies signatures and policies, for tests of state in a bucket.
    binaries: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
    stamp: [`main.Version=v${versitygw}`],
  },
  {
    name: "helm",
    version: helm,
    purpose: "charts",
    module: "helm",
    binaries: { helm: "helm.sh/helm/v3/cmd/helm" },
    stamp: [`helm.sh/helm/v3/internal/version.version=v${helm}`],
    download: (_binary, { os, architecture }) => ({
      url: `https://get.helm.sh/helm-v${helm}-${os}-${architecture}.tar.gz`,
      checksums: `https://get.helm.sh/helm-v${helm}-${os}-${architecture}.tar.gz.sha256sum`,
      archiveFolder: `${os}-${architecture}`,
    }),
  },
  {
    name: "kustomize",
    version: kustomize,
    purpose: "charts",
    module: "kustomize",
    binaries: { kustomize: "sigs.k8s.io/kustomize/kustomize/v5" },
    stamp: [`sigs.k8s.io/kustomize/api/provenance.version=v${kustomize}`],
  },
];

/** The archive with etcd and its clients. */
function etcdArchive({ os, architecture }: Platform): Download {
  const release = `https://github.com/etcd-io/etcd/releases/download/v${etcd}`;
  const name = `etcd-v${etcd}-${os}-${architecture}`;
  return {
    url: `${release}/${name}.tar.gz`,
    checksums: `${release}/SHA256SUMS`,
    archiveFolder: name,
  };
}
