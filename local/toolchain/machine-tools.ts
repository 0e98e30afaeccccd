import { tools } from "../../versions/tools";
import type { Platform, Tool } from "./tool";

const { containerd, coredns } = tools;

/** Returns the tools of real nodes in addition to those of the control plane. */
export function machineTools(
  kubernetes: string,
  stamp: string[],
  download: NonNullable<Tool["download"]>,
): Tool[] {
  return [
    {
      name: "kubernetes-node",
      version: kubernetes,
      purpose: "machines",
      module: "kubernetes",
      binaries: Object.fromEntries(
        ["kubelet", "kube-proxy", "kubeadm"].map((name) => [name, `k8s.io/kubernetes/cmd/${name}`]),
      ),
      stamp,
      download,
    },
    {
      name: "containerd",
      version: containerd,
      purpose: "machines",
      module: "containerd",
      binaries: Object.fromEntries(
        ["containerd", "containerd-shim-runc-v2", "ctr"].map((name) => [
          name,
          `github.com/containerd/containerd/v2/cmd/${name}`,
        ]),
      ),
      stamp: [`github.com/containerd/containerd/v2/version.Version=v${containerd}`],
      download: (_binary, platform) => containerdArchive(platform),
    },
    {
      name: "coredns",
      version: coredns,
      purpose: "machines",
      module: "coredns",
      binaries: { coredns: "github.com/coredns/coredns" },
      stamp: [],
    },
  ];
}

function containerdArchive({ os, architecture }: Platform) {
  const release = `https://github.com/containerd/containerd/releases/download/v${containerd}`;
  const archive = `containerd-${containerd}-${os}-${architecture}.tar.gz`;
  return {
    url: `${release}/${archive}`,
    checksums: `${release}/${archive}.sha256sum`,
    archiveFolder: "bin",
  };
}

/** Tools of tests that real nodes also run in pods. */
export const toolsInPods: readonly string[] = [
  "traefik",
  "prometheus",
  "alertmanager",
  "kube-state-metrics",
  "metrics-server",
  "node-exporter",
  "otelcol",
  "restic",
  "elasticsearch-exporter",
  "filebeat",
];
