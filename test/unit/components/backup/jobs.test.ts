import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { savedSystems } from "../../../../config/components/backup";
import { at, type Declared } from "../../../support/declare";
import { script } from "../../../support/backup";
import { config, backup, pod, steps, last } from "./declared";

/** How long save.sh waits for a lock, seconds: longer than the 30 minutes after which restic calls it stale. */
const lockSeconds = Number(
  /LOCK_SECONDS:=(\d+)/.exec(readFileSync(script("save.sh"), "utf8"))?.[1],
);

describe("Backup", () => {
  let all: Declared;
  before(async () => {
    all = await backup();
  });

  it("has a CronJob for each system, in the system's namespace, with the name that alerts watch", () => {
    assert.deepEqual(
      all.objects
        .filter(({ kind }) => kind === "CronJob")
        .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`)
        .sort(),
      [
        "artifacts/backup-nexus",
        "backup/backup-etcd",
        "backup/backup-gitlab",
        "ci/backup-jenkins",
        "logging/backup-elasticsearch",
        "monitoring/backup-grafana",
        "registry/backup-harbor",
      ],
    );
  });

  it("otherwise declares only their files, and the namespace that no part has", () => {
    const others = all.objects.filter(({ kind }) => kind !== "CronJob" && kind !== "ConfigMap");
    assert.deepEqual(others.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort(), [
      "Namespace backup",
      ...["elasticsearch", "etcd", "gitlab", "grafana", "harbor", "jenkins", "nexus"].map(
        (system) => `NetworkPolicy backup-${system}`,
      ),
      "NetworkPolicy default-deny",
    ]);
    assert.equal(all.names("ConfigMap").length, 7);
  });

  it("saves only systems that exist", async () => {
    const declared = await backup({ parts: { monitoring: {} } });
    assert.deepEqual(declared.names("CronJob"), ["backup-grafana"]);
    assert.deepEqual(declared.names("Namespace"), []);
  });

  it("waits for a lock until it is stale", () => assert.ok(lockSeconds > 1800));

  for (const system of savedSystems) {
    it(`runs ${system}'s one at a time, daily, late rather than never, and fails eventually`, () => {
      const { spec } = all.object("CronJob", `backup-${system}`) as unknown as {
        spec: Record<string, unknown>;
      };
      assert.match(String(spec["schedule"]), /^\S+ \S+ \* \* \*$/);
      assert.equal(spec["timeZone"], "Etc/UTC");
      assert.equal(spec["suspend"], false);
      assert.equal(spec["concurrencyPolicy"], "Forbid");
      assert.equal(spec["startingDeadlineSeconds"], 3600);
      assert.equal(spec["failedJobsHistoryLimit"], 3);
      assert.equal(at(spec, "jobTemplate.spec.backoffLimit"), 2);
      // Every attempt may wait for a lock, and half of the time is left for the backup itself.
      const deadline = Number(at(spec, "jobTemplate.spec.activeDeadlineSeconds"));
      assert.ok(deadline >= 2 * 3 * lockSeconds, `${deadline} s`);
      assert.equal(pod(all, system).restartPolicy, "Never");
    });

    it(`gives ${system}'s no token, no writable root, and files for all secrets`, () => {
      const spec = pod(all, system);
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(spec.enableServiceLinks, false);
      for (const step of steps(all, system)) {
        assert.equal(step.securityContext?.readOnlyRootFilesystem, true);
        assert.ok(step.env.every(({ valueFrom }) => valueFrom === undefined));
        assert.ok(!step.env.some(({ name }) => /PASSWORD$|SECRET_ACCESS_KEY|PGUSER/.test(name)));
      }
    });
  }

  it("puts each system into a repository of its own, in the environment's folder", async () => {
    for (const system of ["jenkins", "harbor", "nexus", "grafana", "etcd", "gitlab"]) {
      const variables = last(all, system);
      assert.equal(
        variables["RESTIC_REPOSITORY"],
        `s3:https://s3.example.com/backups/online/${system}`,
      );
      assert.equal(variables["BACKUP_NAME"], system);
    }
    const repository = { ...config.repository, prefix: "company/platform" };
    const other = last(await backup({ config: { repository } }), "jenkins");
    assert.match(other["RESTIC_REPOSITORY"] ?? "", /\/backups\/company\/platform\/jenkins$/);
  });

  it("keeps as many as the config says", async () => {
    const retention = { last: 3, daily: 4, weekly: 5, monthly: 6 };
    const { KEEP_LAST, KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY } = last(
      await backup({ config: { retention } }),
      "harbor",
    );
    assert.deepEqual([KEEP_LAST, KEEP_DAILY, KEEP_WEEKLY, KEEP_MONTHLY], ["3", "4", "5", "6"]);
  });

  it("mounts the bucket's keys and the encryption key from a Secret created by hand", () => {
    const volume = pod(all, "jenkins").volumes.find(({ name }) => name === "repository");
    assert.equal(volume?.secret?.secretName, "bucket");
    const variables = last(all, "jenkins");
    const [{ mountPath } = { mountPath: "" }] = steps(all, "jenkins")[0]!.volumeMounts.filter(
      ({ name }) => name === "repository",
    );
    assert.equal(variables["RESTIC_PASSWORD_FILE"], `${mountPath}/password`);
    assert.equal(variables["AWS_SHARED_CREDENTIALS_FILE"], `${mountPath}/credentials`);
  });

  it("creates that Secret from the config, encrypted in the state, only where it is read", async () => {
    const credentials = {
      accessKey: "AKIA123",
      secretKey: "very-secret-key",
      password: "an-encryption-key-of-the-test",
    };
    const declared = await backup({ config: { credentials } });
    assert.deepEqual(declared.names("Secret").sort(), [
      "backup-repository-artifacts",
      "backup-repository-backup",
      "backup-repository-ci",
      "backup-repository-monitoring",
      "backup-repository-registry",
    ]);
    const text = JSON.stringify(declared.objects.filter(({ kind }) => kind !== "Secret"));
    for (const value of Object.values(credentials)) assert.ok(!text.includes(value));
    const volume = pod(declared, "harbor").volumes.find(({ name }) => name === "repository");
    assert.equal(volume?.secret?.secretName, "backup-repository-registry");
  });

  it("pauses only a suspended system", async () => {
    const declared = await backup({ config: { suspended: ["nexus"] } });
    assert.equal(at(declared.object("CronJob", "backup-nexus"), "spec.suspend"), true);
    assert.equal(at(declared.object("CronJob", "backup-harbor"), "spec.suspend"), false);
  });
});
