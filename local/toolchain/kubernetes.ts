import { tools } from "../../versions/tools";
import type { Download, Platform, Tool } from "./tool";

export const { kubernetes, otherKubernetes } = tools;

/** Returns a control plane and its client as a tool. */
export function controlPlane(version: string, module: string, purpose: Tool["purpose"]): Tool {
  return {
    name: "kubernetes",
    version,
    purpose,
    module,
    binaries: Object.fromEntries(
      ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"].map((name) => [
        name,
        `k8s.io/kubernetes/cmd/${name}`,
      ]),
    ),
    stamp: kubernetesStamp(version),
    download: (binary, platform) => kubernetesDownload(version, binary, platform),
  };
}

/** The control planes of {@link otherKubernetes}; each takes minutes to build. */
export const otherControlPlanes: readonly Tool[] = otherKubernetes.map((version) =>
  controlPlane(version, `kubernetes-${version.split(".").slice(0, 2).join(".")}`, "nightly"),
);

/** kubeadm of the newest version, for the nightly test of an upgrade. */
export const newestKubeadm: Tool = {
  name: "kubeadm",
  version: otherKubernetes[1],
  purpose: "nightly",
  module: "kubernetes-1.37",
  binaries: { kubeadm: "k8s.io/kubernetes/cmd/kubeadm" },
  stamp: kubernetesStamp(otherKubernetes[1]),
  download: (binary, platform) => kubernetesDownload(otherKubernetes[1], binary, platform),
};

/** Returns the linker flags that set the version of Kubernetes programs. */
export function kubernetesStamp(version: string): string[] {
  const [major, minor] = version.split(".");
  return [
    `k8s.io/component-base/version.gitVersion=v${version}`,
    `k8s.io/component-base/version.gitMajor=${major}`,
    `k8s.io/component-base/version.gitMinor=${minor}`,
    `k8s.io/client-go/pkg/version.gitVersion=v${version}`,
  ];
}

/** Returns the official download of a Kubernetes program. */
export function kubernetesDownload(
  version: string,
  binary: string,
  { os, architecture }: Platform,
): Download {
  const url = `https://dl.k8s.io/v${version}/bin/${os}/${architecture}/${binary}`;
  return { url, checksums: `${url}.sha256` };
}
