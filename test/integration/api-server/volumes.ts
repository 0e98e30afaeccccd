import type { ChartStack } from "../../support/chart-stack";
import { succeeded } from "../../support/results";

/** Returns a volume for a claim. */
const volume = (name: string, storage: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: {
    storageClassName: "files",
    capacity: { storage },
    accessModes: ["ReadWriteMany"],
    hostPath: { path: `/tmp/${name}` },
  },
});

/** A class whose volumes can grow, and one for each claim; the last is for the app that moves. */
const volumes = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "files" },
    provisioner: "kubernetes.io/no-provisioner",
    allowVolumeExpansion: true,
  },
  volume("files-mails", "2Gi"),
  volume("files-letters", "2Gi"),
  volume("files-moved", "4Gi"),
];

/** Two workers with a volume each. */
export class Volumes {
  constructor(private readonly stack: ChartStack) {}

  /** Creates the class and the volumes, and declares the class. */
  async prepare(): Promise<void> {
    this.stack.components((components) => {
      Object.assign(components, { storage: { existing: { files: "shared", others: "shared" } } });
    });
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: volumes });
    succeeded(await this.stack.shell(`kubectl apply -f - <<'END'\n${list}\nEND\n`));
  }

  /**
   * Declares the apps.
   * @param mails fields of the volume of `mails`.
   * @param letters team of `letters`, and size of its volume.
   */
  declare(mails: object = {}, { team = "commerce", size = "2Gi" } = {}): void {
    const app = (name: string, of: string, volume: object) => ({
      team: of,
      kind: "worker",
      image: `harbor.dev.platform.test/${name}/${name}`,
      scaling: { replicas: 1 },
      volumes: { uploads: { path: "/srv/uploads", storageClass: "files", size: "2Gi", ...volume } },
      stable: { version: "1.0.0" },
    });
    this.stack.edit((config) => {
      config["platform:apps"] = {
        mails: app("mails", "commerce", mails),
        letters: app("letters", team, { size }),
      };
    });
  }

  /** Returns a field of the claim of an app. */
  claim(app: string, path: string, namespace = "commerce-dev"): Promise<string> {
    const claim = ["persistentvolumeclaim", `${app}-uploads`, "-n", namespace];
    return this.stack.kubectl("get", ...claim, "-o", `jsonpath={${path}}`);
  }
}
