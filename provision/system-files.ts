import { places } from "./paths";
import { scriptText, yaml, type PlanFile } from "./plan-file";
import type { Cluster } from "./read";
import type { Machine } from "./schema/machines";
import { kernelModules, kernelSettings } from "./system";

/** Returns the files of the system: kernel, packages, journal and services. */
export function systemFiles(cluster: Cluster, machine: Machine): PlanFile[] {
  return [
    { path: "/etc/modules-load.d/cluster.conf", text: lines(kernelModules(cluster)) },
    {
      path: "/etc/sysctl.d/90-cluster.conf",
      text: lines(Object.entries(kernelSettings(cluster)).map((pair) => pair.join(" = "))),
    },
    // The kubelet rotates the logs of pods, journald those of the system.
    {
      path: "/etc/systemd/journald.conf.d/cluster.conf",
      text: "[Journal]\nSystemMaxUse=2G\nMaxRetentionSec=14day\n",
    },
    { path: "/etc/apt/preferences.d/kubernetes", text: pins(cluster, machine) },
    ...sources(cluster),
    { path: "/etc/systemd/system/machine-firewall.service", text: firewallService },
    ...(machine.role === "control-plane" ? controlPlaneFiles(cluster) : []),
  ];
}

/** Returns the services of a machine, in the order in which they start. */
export function servicesOf({ role }: Machine): string[] {
  const approver = role === "control-plane" ? ["approve-kubelets.timer"] : [];
  return ["machine-firewall.service", "containerd.service", ...approver];
}

/** Returns the URL and checksum of the key of each package source, by its name. */
export function keysOf({ packages }: Cluster): string[] {
  return Object.entries(packages.repositories).map(
    ([name, { key }]) => `${name} ${key.address} ${key.sha256 ?? "-"}`,
  );
}

function lines(texts: string[]): string {
  return `${texts.join("\n")}\n`;
}

/** System upgrades must not upgrade Kubernetes. */
function pins({ version }: Cluster, machine: Machine): string {
  return `Package: kubeadm kubelet kubectl
Pin: version ${machine.version ?? version}-*
Pin-Priority: 1001
`;
}

function sources({ packages }: Cluster): PlanFile[] {
  return Object.entries(packages.repositories).map(([name, { address, suite, components }]) => ({
    path: `/etc/apt/sources.list.d/${name}.sources`,
    text: lines([
      "Types: deb",
      `URIs: ${address}`,
      `Suites: ${suite}`,
      ...(components.length === 0 ? [] : [`Components: ${components.join(" ")}`]),
      `Signed-By: /etc/apt/keyrings/${name}.asc`,
    ]),
  }));
}

/** When it stops, Debian's own service removes the rules of kube-proxy and the network plugin. */
const firewallService = `[Unit]
Description=Rules for connections to this machine
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${places.firewall}
ExecReload=/usr/sbin/nft -f ${places.firewall}

[Install]
WantedBy=sysinit.target
`;

function controlPlaneFiles(cluster: Cluster): PlanFile[] {
  const { network, machines } = cluster;
  const nodes = Object.entries(machines).map(([name, { address }]) => `${name} ${address}`);
  return [
    ...(network.plugin.name === "calico"
      ? [
          {
            path: `${places.network}/calico.yaml`,
            text: yaml(calico(cluster, network.plugin.encapsulation)),
          },
        ]
      : []),
    { path: `${places.policy}/nodes`, text: lines(nodes) },
    {
      path: "/usr/local/sbin/approve-kubelets",
      text: scriptText("approve-kubelets.sh"),
      mode: "755",
    },
    { path: "/etc/systemd/system/approve-kubelets.service", text: approveService },
    { path: "/etc/systemd/system/approve-kubelets.timer", text: approveTimer },
  ];
}

/** Returns the operator's description of the network. */
function calico({ network }: Cluster, encapsulation: "VXLAN" | "None"): object {
  return {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default" },
    spec: {
      calicoNetwork: {
        bgp: encapsulation === "VXLAN" ? "Disabled" : "Enabled",
        ipPools: [
          {
            name: "pods",
            cidr: network.pods,
            blockSize: 26,
            encapsulation,
            natOutgoing: "Enabled",
            nodeSelector: "all()",
          },
        ],
        nodeAddressAutodetectionV4: { cidrs: [network.machines] },
      },
    },
  };
}

const approveService = `[Unit]
Description=Approval of the server certificates of this cluster's kubelets
ConditionPathExists=${places.kubernetes}/admin.conf

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/approve-kubelets
`;

const approveTimer = `[Unit]
Description=Approval of the server certificates of this cluster's kubelets

[Timer]
OnBootSec=1min
OnUnitActiveSec=5min

[Install]
WantedBy=timers.target
`;
