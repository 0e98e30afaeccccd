import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "mocha";
import { parse } from "yaml";
import { whyNoMachines } from "../../local/machines/available";
import { parseCluster, planOf } from "../../provision";
import type { PlanMachine } from "./plan-machine";
import { downloaded } from "./plan-stand-ins";
import { untilEqual } from "./until";

/** The content of a cluster's file, as far as tests change it. */
export interface Given {
  version: string;
  stacks?: string[];
  network: { plugin: { manifests: { sha256?: string }[] } };
  packages: { repositories: Record<string, { key: { sha256?: string } }> };
  machines: Record<string, { role: string; address: string; version?: string }>;
}

/**
 * Writes a plan with the checksum of what machines of tests download.
 * @param given the cluster's file. Default: the example.
 */
export function writePlan(
  folder: string,
  given = parse(readFileSync("clusters/prod.yaml", "utf8")) as Given,
): void {
  const sha256 = createHash("sha256").update(downloaded).digest("hex");
  const keys = Object.values(given.packages.repositories).map(({ key }) => key);
  for (const download of [...given.network.plugin.manifests, ...keys]) download.sha256 = sha256;
  for (const { path, text } of planOf(parseCluster("prod", given))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Needs namespaces, mounts and Debian's packages, as `npm run test:machines` does. */
export async function skipWithoutRoot(context: Context): Promise<void> {
  if ((await whyNoMachines()) !== undefined) context.skip();
}

/** The step of docs/guides/cluster.md that stops the control plane of a machine before etcd is restored. */
export const stopControlPlane = `mkdir /etc/kubernetes/stopped
mv /etc/kubernetes/manifests/kube-* /etc/kubernetes/manifests/etcd.yaml /etc/kubernetes/stopped/
`;

/** Waits until the parts of the control plane have ended: the kubelet stops them some time after that step. */
export async function controlPlaneStopped(machine: PlanMachine): Promise<void> {
  const running = async () =>
    (await machine.mustRun("ps", "-e", "-o", "comm="))
      .split("\n")
      .filter((name) => /^(etcd$|kube-)/.test(name));
  await untilEqual(60, running, []);
}

/** The step that moves the data of the etcd members out of the way, after they have ended. */
export const moveLostData = `mv /var/lib/etcd /var/lib/etcd-lost
`;

/**
 * The steps of docs/guides/cluster.md that restore a member of etcd from /root/etcd.db and start the control plane again.
 * @param members address of each member by its name.
 */
export function restoreMember(name: string, members: Readonly<Record<string, string>>): string {
  const all = Object.entries(members).map((pair) => `${pair[0]}=https://${pair[1]}:2380`);
  return `etcdutl snapshot restore /root/etcd.db --name ${name} --data-dir /var/lib/etcd \\
  --initial-cluster ${all.join(",")} \\
  --initial-advertise-peer-urls https://${members[name] ?? ""}:2380 \\
  --bump-revision 1000000000 --mark-compacted
mv /etc/kubernetes/stopped/* /etc/kubernetes/manifests/
`;
}
