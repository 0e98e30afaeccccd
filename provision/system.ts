import type { ClusterFile } from "./schema";

/**
 * Returns the kernel settings of all machines: those that the kubelet, the network and Elasticsearch need, and
 * those in the file.
 */
export function kernelSettings({ sysctls, endpoint }: Pick<ClusterFile, "sysctls" | "endpoint">) {
  return {
    "net.ipv4.ip_forward": 1,
    "net.bridge.bridge-nf-call-iptables": 1,
    "net.bridge.bridge-nf-call-ip6tables": 1,
    // The kubelet refuses to start with other values, because of protectKernelDefaults.
    "vm.overcommit_memory": 1,
    "vm.panic_on_oom": 0,
    "kernel.panic": 10,
    "kernel.panic_on_oops": 1,
    "kernel.keys.root_maxkeys": 1_000_000,
    "kernel.keys.root_maxbytes": 25_000_000,
    // Elasticsearch's bootstrap check.
    "vm.max_map_count": 262_144,
    // Every container with a file watcher uses one; the kernel's default of 128 is used up by 50 pods.
    "fs.inotify.max_user_instances": 8192,
    "fs.inotify.max_user_watches": 524_288,
    // HAProxy listens before keepalived gives this machine the shared address.
    ...(endpoint.type === "keepalived" ? { "net.ipv4.ip_nonlocal_bind": 1 } : {}),
    ...sysctls,
  } as Record<string, number | string>;
}

/** Kernel modules of all machines. */
export function kernelModules({
  modules,
  network,
}: Pick<ClusterFile, "modules" | "network">): string[] {
  const ipvs = network.proxy === "ipvs" ? ["ip_vs", "ip_vs_rr", "ip_vs_sh", "ip_vs_wrr"] : [];
  return [...new Set(["br_netfilter", "nf_conntrack", "overlay", ...ipvs, ...modules])].sort();
}
