import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "mocha";
import { parse } from "yaml";
import { parseCluster, planOf } from "../../provision";
import { downloaded } from "./plan-machine";

interface Downloads {
  network: { plugin: { manifests: { sha256?: string }[] } };
  packages: { repositories: Record<string, { key: { sha256?: string } }> };
}

/** Writes the plan of the example, with the checksum of what machines of tests download. */
export function writePlan(folder: string): void {
  const given = parse(readFileSync("clusters/prod.yaml", "utf8")) as Downloads;
  const sha256 = createHash("sha256").update(downloaded).digest("hex");
  const keys = Object.values(given.packages.repositories).map(({ key }) => key);
  for (const download of [...given.network.plugin.manifests, ...keys]) download.sha256 = sha256;
  for (const { path, text } of planOf(parseCluster("prod", given))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Needs namespaces, mounts and nftables, as `npm run test:machines` does. */
export function skipWithoutRoot(context: Context): void {
  if (process.platform !== "linux" || process.getuid?.() !== 0) context.skip();
}

/** The steps by which docs/guides/cluster.md restores etcd on the only machine of a control plane. */
export const restore = `
mkdir /etc/kubernetes/stopped
mv /etc/kubernetes/manifests/kube-* /etc/kubernetes/manifests/etcd.yaml /etc/kubernetes/stopped/
sleep 2
mv /var/lib/etcd /var/lib/etcd-lost
etcdutl snapshot restore /root/etcd.db --name control-1 --data-dir /var/lib/etcd \\
  --initial-cluster control-1=https://10.20.0.21:2380 --initial-advertise-peer-urls https://10.20.0.21:2380 \\
  --bump-revision 1000000000 --mark-compacted
mv /etc/kubernetes/stopped/* /etc/kubernetes/manifests/
`;
