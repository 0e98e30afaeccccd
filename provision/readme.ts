import { endpointOf } from "./kubeadm";
import type { Cluster } from "./read";
import { controlPlaneOf } from "./schema/machines";

/** Returns the README of a plan: how to set up the machines, in which order. */
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
      ? `HAProxy and keepalived on the control-plane machines hold ${endpoint.address}. No other machine may have that address, and no other keepalived in the network may use the router number ${endpoint.routerId}.`
      : `Your load balancer forwards ${endpointOf(cluster)} to port 6443 of the control-plane machines that answer \`GET /readyz\` with 200. Set it up first.`;
  return `# Cluster ${name}, Kubernetes ${version}

Written by \`npx platform cluster plan ${name} <dir>\` from \`clusters/${name}.yaml\`. Do not edit the files in this folder:
change that file, and write the plan again. The folder contains no secrets.

| machine | role | address | zone | group |
| ------- | ---- | ------- | ---- | ----- |
${rows.join("\n")}

The API is at https://${endpointOf(cluster)}. ${balancer}

## Order

Each machine needs Debian, the host name and the address above, and a clock that a time server sets. Copy the folder of
each machine to the machine, as \`plan\` in the home of root. This replaces an earlier plan there. In this folder:

\`\`\`sh
machine=${first}
tar -C "$machine" -cf - . | ssh "root@$machine" 'rm -rf plan && mkdir plan && tar -xf - -C plan'
\`\`\`

1. On ${first}: \`sh plan/machine.sh init\`. The script prepares the machine, generates the key for Secrets, runs \`kubeadm init\`
   and applies the network plugin (${network.plugin.name}).
${step(2, others, "control-plane", first)}${step(others.length === 0 ? 2 : 3, workers, "worker", first)}
Repeat these lines for each machine. The first command copies a bundle through a pipe, so that it is in no file. The
bundle contains a token that is valid for two hours${others.length === 0 ? "" : ", and for the control plane the keys of the cluster"}. The second command runs the
script, which joins the machine and removes the token.

Afterwards, run \`sh plan/machine.sh --check\` on every machine. It changes nothing, and exits with 0 if the machine matches
the plan, or with 1 and a list of what differs. The administrator's kubeconfig is \`/etc/kubernetes/admin.conf\` on
${first}. Keep a copy of it where only administrators can read it, together with the key in
\`/etc/kubernetes/encryption/\`: without the key, no backup of etcd can be read.

For upgrades, replaced machines, certificates and restores, see \`docs/guides/cluster.md\` in the platform's repository.
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
