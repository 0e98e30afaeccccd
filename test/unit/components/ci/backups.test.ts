import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { jenkins, podOf, containerOf } from "./declared";

describe("backups of Jenkins", () => {
  it("are copied every hour from Jenkins' volume, on its node", async () => {
    const { object } = await jenkins();
    const copies = object("CronJob", "jenkins-backup");
    assert.equal(at(copies, "spec.schedule"), "30 * * * *");
    const { volumes, affinity } = podOf(copies);
    assert.equal(volumes[0]?.persistentVolumeClaim?.claimName, "backup-jenkins-0");
    const [term] = affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const labels = at(object("StatefulSet", "jenkins"), "spec.template.metadata.labels") as Record<
      string,
      string
    >;
    for (const [key, value] of Object.entries(term?.labelSelector?.matchLabels ?? {})) {
      assert.equal(labels[key], value);
    }
    assert.equal(term?.topologyKey, "kubernetes.io/hostname");
  });

  it("go to a volume of another class", async () => {
    const target = { type: "volume", storageClass: "nfs", size: "3Gi" };
    const { object } = await jenkins({ backup: { target } });
    assert.equal(
      at(object("PersistentVolumeClaim", "jenkins-backup-copies"), "spec.storageClassName"),
      "nfs",
    );
  });

  it("go to a bucket, with credentials from a file", async () => {
    const target = {
      type: "s3",
      endpoint: "https://s3.test",
      bucket: "backups",
      secret: "jenkins-backup-target",
    };
    const { object, names } = await jenkins({ backup: { target } });
    assert.deepEqual(names("PersistentVolumeClaim"), []);
    const copies = object("CronJob", "jenkins-backup");
    const { env, volumeMounts } = containerOf(copies, "copy");
    const value = (name: string) => env.find((entry) => entry.name === name)?.value;
    assert.equal(value("TARGET"), "target:backups/jenkins");
    assert.equal(value("RCLONE_CONFIG_TARGET_ENDPOINT"), "https://s3.test");
    const folder = volumeMounts.find(({ name }) => name === "target")?.mountPath;
    assert.equal(value("AWS_SHARED_CREDENTIALS_FILE"), `${folder}/credentials`);
    assert.equal(podOf(copies).volumes[2]?.secret?.secretName, "jenkins-backup-target");
  });
});
