import { endpointOf } from "./kubeadm";
import type { Cluster } from "./read";
import { controlPlaneOf } from "./schema/machines";

/** Returns the README of a plan: the order in which the machines are set up. */
export function readme(cluster: Cluster): string {
  const { name, version, endpoint, machines, network } = cluster;
  const all = Object.entries(machines);
  const [first = "", ...others] = controlPlaneOf(cluster).map(([machine]) => machine);
  const workers = all.filter(([, { role }]) => role === "worker").map(([machine]) => machine);
  const rows = all.map(
    ([machine, { role, address, zone = "", group = "" }]) =>
      `| ${machine} | ${role} | ${address} | ${zone} | ${group} |`,
  );
  const balancer =
    endpoint.type === "keepalived"
      ? `HAProxy and keepalived on the control-plane machines hold ${endpoint.address}. No other machine may have that address, and no other keepalived of the network the router number ${endpoint.routerId}.`
      : `Your load balancer forwards ${endpointOf(cluster)} to port 6443 of the control-plane machines that answer \`GET /readyz\` with 200. Set it up first.`;
  return `# Cluster ${name}, Kubernetes ${version}

Written by \`npx platform cluster plan ${name} <dir>\` from \`clusters/${name}.yaml\`. Change that file and write the plan
again, not the files in this folder. There is no secret in it.

| machine | role | address | zone | group |
| ------- | ---- | ------- | ---- | ----- |
${rows.join("\n")}

The API is at https://${endpointOf(cluster)}. ${balancer}

## Order

Each machine has Debian, the host name and the address above, and a clock that a time server sets. Copy each machine's
folder to it, as \`plan\` in root's home, in place of what was there. In this folder:

\`\`\`sh
machine=${first}
tar -C "$machine" -cf - . | ssh "root@$machine" 'rm -rf plan && mkdir plan && tar -xf - -C plan'
\`\`\`

1. On ${first}: \`sh plan/machine.sh init\`. It prepares the machine, makes the key for Secrets, runs \`kubeadm init\` and
   applies the network plugin (${network.plugin.name}).
${step(2, others, "control-plane", first)}${step(others.length === 0 ? 2 : 3, workers, "worker", first)}
Repeat these lines for each machine: first the bundle, with a token of two hours${others.length === 0 ? "" : " and for the control plane the cluster's keys"},
through a pipe and not through a file; then the script, which joins the machine and removes the token.

Afterwards \`sh plan/machine.sh --check\` on every machine tells whether it is as described: exit code 0, or 1 with what
differs. It changes nothing. The administrator's kubeconfig is \`/etc/kubernetes/admin.conf\` on ${first}: keep a copy where
only administrators read it, with the key in \`/etc/kubernetes/encryption/\`, without which no backup of etcd can be read.

Upgrades, replaced machines, certificates and restores: \`docs/guides/cluster.md\` of the platform.
`;
}

function step(number: number, machines: string[], role: string, first: string): string {
  if (machines.length === 0) return "";
  return `${number}. For ${machines.join(", ")}, one after the other:

   \`\`\`sh
   machine=${machines[0] ?? ""}
   ssh root@${first} sh plan/machine.sh bundle ${role} | ssh "root@$machine" tar -xpf - -C /
   ssh "root@$machine" sh plan/machine.sh
   \`\`\`

`;
}
