import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Cluster } from "../cluster/paths";
import { binary } from "../toolchain/install";
import { run } from "../toolchain/run";
import { kubernetes } from "../toolchain/tools";
import type { Network } from "./network";
import { placesOf } from "./places";

/** Folder in which kwokctl keeps a cluster's certificates and keys. */
export function authorityFolder({ folder, name }: Cluster): string {
  return join(folder, "clusters", name, "pki");
}

/** Makes kubeconfigs with client certificates of the cluster's authority, as kubeadm does. */
export class Kubeconfigs {
  private readonly config: string;

  constructor(
    private readonly cluster: Cluster,
    { gateway }: Network,
    /** Port of the API server. */
    port: number,
  ) {
    const { folder } = placesOf(cluster);
    mkdirSync(folder, { recursive: true });
    this.config = join(folder, "kubeadm.yaml");
    const apiVersion = "kubeadm.k8s.io/v1beta4";
    const documents = [
      {
        apiVersion,
        kind: "ClusterConfiguration",
        clusterName: cluster.name,
        // Without it kubeadm asks the internet which one is the latest.
        kubernetesVersion: `v${kubernetes}`,
        certificatesDir: authorityFolder(cluster),
        controlPlaneEndpoint: `${gateway}:${port}`,
      },
      {
        apiVersion,
        kind: "InitConfiguration",
        localAPIEndpoint: { advertiseAddress: gateway, bindPort: port },
      },
    ];
    writeFileSync(this.config, documents.map((it) => stringify(it)).join("---\n"));
  }

  /** A kubeconfig for a user of some groups. */
  user(name: string, groups: string[] = []): Promise<string> {
    return run(binary("kubeadm"), [
      ...["kubeconfig", "user", "--config", this.config, "--client-name", name],
      ...groups.flatMap((group) => ["--org", group]),
    ]);
  }

  /** The certificate of the cluster's authority. */
  get authority(): string {
    return readFileSync(join(authorityFolder(this.cluster), "ca.crt"), "utf8");
  }
}
