import { quoted } from "../config/shell";
import { clustersFolder } from "./clusters";
import { endpointOf } from "./kubeadm";
import { places } from "./paths";
import { scriptText, type PlanFile } from "./plan-file";
import type { Cluster } from "./read";
import type { Machine } from "./schema/machines";
import { keysOf, servicesOf } from "./system-files";
import { kernelModules, kernelSettings } from "./system";

/** Packages of every machine, in addition to Kubernetes and containerd. */
const packages = [
  "ca-certificates",
  "conntrack",
  "curl",
  "ethtool",
  "iproute2",
  "kmod",
  "nftables",
  "openssl",
  "procps",
  "socat",
];

/** Returns the script of a machine: its settings, followed by the part that is the same on all machines. */
export function machineScript(
  cluster: Cluster,
  name: string,
  machine: Machine,
  files: readonly PlanFile[],
): string {
  const { manifests } = cluster.network.plugin;
  const ipvs = cluster.network.proxy === "ipvs" ? ["ipset", "ipvsadm"] : [];
  const settings = {
    SOURCE: `${clustersFolder}/${cluster.name}.yaml`,
    NAME: name,
    ROLE: machine.role,
    ADDRESS: machine.address,
    INTERFACE: machine.interface,
    ENDPOINT: endpointOf(cluster),
    VERSION: machine.version ?? cluster.version,
    CONTAINERD: cluster.packages.containerd,
    PACKAGES: [...packages, ...ipvs].join(" "),
    SWAP: cluster.kubelet.swap,
    FIREWALL: places.firewall,
    SERVICES: servicesOf(machine).join(" "),
    MODULES: kernelModules(cluster).join(" "),
    SYSCTLS: Object.entries(kernelSettings(cluster))
      .map((pair) => pair.join(" "))
      .join("\n"),
    KEYS: keysOf(cluster).join("\n"),
    NETWORK: manifests.map(({ address, sha256 }) => `${address} ${sha256 ?? "-"}`).join("\n"),
    FILES: files.map(({ path, mode = "644" }) => `${mode} ${path}`).join("\n"),
  };
  const text = Object.entries(settings)
    .map(([key, value]) => `${key}=${quoted(value)}`)
    .join("\n");
  const common = [scriptText("machine.sh"), scriptText("membership.sh")].join("\n");
  return common.replace("# settings\n", () => `${text}\n`);
}
