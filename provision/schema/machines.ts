import { z } from "zod";
import { nodeGroup } from "../../config/stack";
import { bytes, cpu, labels, name } from "../../config/values";
import { fullVersion } from "./version";

/** Resources that are reserved on a machine, so that pods cannot take them from the system. */
export const reservation = z.strictObject({
  cpu,
  memory: bytes,
  "ephemeral-storage": bytes.optional(),
});

/** Name of a network interface. */
const networkInterface = z
  .string()
  .regex(/^[a-zA-Z][\w.@-]{0,14}$/, "a network interface of at most 15 characters, such as eth0");

/** A taint of a node. */
const taint = z.strictObject({
  key: name,
  value: z.string().max(63).default(""),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** One machine: its key is its host name, and the name of its node. */
export const machine = z.strictObject({
  /** Control-plane machines run the API server and a member of etcd. There are one or three of them. */
  role: z.enum(["control-plane", "worker"]),
  /** Address in `network.machines`, by which the other machines reach it. */
  address: z.ipv4(),
  /** Zone: a data center, a room or a rack that fails as one. */
  zone: name.optional(),
  /** Node group of a worker, one of `groups`. */
  group: name.optional(),
  /** Labels of its node, in addition to those of its group and zone. */
  labels: labels.default({}),
  /** Taints of its node, in addition to that of an exclusive group. */
  taints: z.array(taint).default([]),
  /** Interface that holds the address; keepalived announces the shared address there. */
  interface: networkInterface.default("eth0"),
  /** Version of its kubelet during an upgrade, if it differs from that of the cluster. */
  version: fullVersion.optional(),
  /** Resources that are reserved on this machine. Default: `kubelet.reserved.system`. */
  reserved: reservation.optional(),
});

/** Node groups by name, as in `platform:nodeGroups` of the stacks. */
export const groups = z.record(name, nodeGroup);

/** @see {@link machine} */
export type Machine = z.infer<typeof machine>;

/** Control-plane machines by name, in the order of the file. */
export function controlPlaneOf({
  machines,
}: {
  machines: Readonly<Record<string, Machine>>;
}): [name: string, machine: Machine][] {
  return Object.entries(machines).filter(([, { role }]) => role === "control-plane");
}
