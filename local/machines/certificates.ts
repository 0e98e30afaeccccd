import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Cluster } from "../cluster/paths";
import { binary } from "../toolchain/install";
import { run } from "../toolchain/run";
import { kubernetes } from "../toolchain/tools";
import type { Network } from "./network";
import { placesOf } from "./places";
import { serverPort } from "./ports";

/** Returns the folder of a cluster's certificates and keys, as kwokctl creates them. */
export function authorityFolder({ folder, name }: Cluster): string {
  return join(folder, "clusters", name, "pki");
}

/** Creates kubeconfigs with client certificates of the cluster's CA, like kubeadm. */
export class Kubeconfigs {
  private readonly config: string;

  constructor(
    private readonly cluster: Cluster,
    { gateway }: Network,
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
        // Without a version, kubeadm looks up the latest one on the internet.
        kubernetesVersion: `v${kubernetes}`,
        certificatesDir: authorityFolder(cluster),
        controlPlaneEndpoint: `${gateway}:${serverPort}`,
      },
      {
        apiVersion,
        kind: "InitConfiguration",
        localAPIEndpoint: { advertiseAddress: gateway, bindPort: serverPort },
      },
    ];
    writeFileSync(this.config, documents.map((it) => stringify(it)).join("---\n"));
  }

  /** Creates a kubeconfig for a user with groups. */
  user(name: string, groups: string[] = []): Promise<string> {
    return run(binary("kubeadm"), [
      ...["kubeconfig", "user", "--config", this.config, "--client-name", name],
      ...groups.flatMap((group) => ["--org", group]),
    ]);
  }

  /** The certificate of the cluster's CA. */
  get authority(): string {
    return readFileSync(join(authorityFolder(this.cluster), "ca.crt"), "utf8");
  }
}
