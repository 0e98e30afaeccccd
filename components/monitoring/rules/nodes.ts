import { hour } from "../../../config/durations";
import type { RuleGroup } from "./rule";

/** File systems on a disk of the node. */
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nfs.*|ceph"';

/** Alerts on the nodes. */
export function nodes(team: string): RuleGroup {
  const by = "by (instance, mountpoint)";
  const free = `min ${by} (node_filesystem_avail_bytes{${disks}}) / max ${by} (node_filesystem_size_bytes{${disks}})`;
  const inADay = `min ${by} (predict_linear(node_filesystem_avail_bytes{${disks}}[6h], ${24 * hour}))`;
  const disk = {
    alert: "NodeDiskFilling",
    team,
    summary: "The disk {{ $labels.mountpoint }} of {{ $labels.instance }} is filling up",
    description:
      "{{ $value | humanizePercentage }} of {{ $labels.mountpoint }} on {{ $labels.instance }} is free. The kubelet evicts pods when it is full.",
  };
  return {
    name: "nodes",
    rules: [
      {
        alert: "NodeLost",
        expr: 'max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 0',
        for: "3m",
        severity: "critical",
        team,
        summary: "The node {{ $labels.node }} is lost",
        description:
          "The node {{ $labels.node }} has not been ready for 3 minutes. Its pods are started on other nodes after 5 minutes; those with volumes of this node wait until it is back.",
      },
      {
        alert: "NodePressure",
        expr: 'max by (node, condition) (kube_node_status_condition{condition=~"MemoryPressure|DiskPressure|PIDPressure",status="true"}) == 1',
        for: "5m",
        severity: "warning",
        team,
        summary: "The node {{ $labels.node }} has {{ $labels.condition }}",
        description:
          "The node {{ $labels.node }} has reported {{ $labels.condition }} for 5 minutes: it takes no new pods and evicts others.",
      },
      { ...disk, expr: `${free} < 0.3 and ${inADay} < 0`, for: "30m", severity: "warning" },
      { ...disk, expr: `${free} < 0.07`, for: "5m", severity: "critical" },
    ],
  };
}
