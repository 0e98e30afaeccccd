import assert from "node:assert/strict";
import type * as k8s from "@pulumi/kubernetes";
import { parse } from "yaml";
import { at } from "../../../support/declare";
import { jenkins, podOf, configMap } from "./declared";

describe("Jenkins", () => {
  it("declares its parts and nothing else", async () => {
    const { objects } = await jenkins();
    const all = objects.map(
      ({ kind, metadata: { namespace, name } }) =>
        `${kind} ${namespace ?? "-"}/${name.replace(/-[0-9a-f]{10}$/, "-#")}`,
    );
    assert.deepEqual(all.sort(), [
      "ConfigMap ci/jenkins-init-#",
      "ConfigMap ci/jenkins-jobs",
      "ConfigMap ci/jenkins-plugins-#",
      "ConfigMap ci/jenkins-settings-#",
      "CronJob ci-images/image-cleanup",
      "CronJob ci/jenkins-backup",
      "HTTPRoute ci/jenkins",
      "Namespace -/ci",
      "Namespace -/ci-agents",
      "Namespace -/ci-images",
      "NetworkPolicy ci-agents/jenkins-agents",
      "NetworkPolicy ci-agents/jenkins-release-agents",
      "NetworkPolicy ci-images/default-deny",
      "NetworkPolicy ci-images/image-builder",
      "NetworkPolicy ci-images/image-cleanup",
      "NetworkPolicy ci/default-deny",
      "NetworkPolicy ci/jenkins",
      "NetworkPolicy ci/jenkins-backup",
      "PersistentVolumeClaim ci/jenkins-backup-copies",
      "ResourceQuota ci-agents/jenkins-agents",
      "Role ci-agents/jenkins-agents",
      "RoleBinding ci-agents/jenkins-agents",
      "Secret ci/jenkins",
      "Service ci-images/image-builder",
      "Service ci-images/image-builder-pods",
      "Service ci/jenkins",
      "ServiceAccount ci-agents/jenkins-agent",
      "ServiceAccount ci/jenkins",
      "StatefulSet ci-images/image-builder",
      "StatefulSet ci/jenkins",
    ]);
  });

  it("declares only its address if it runs elsewhere", async () => {
    const address = "https://jenkins.example.com";
    const declared = await jenkins({ external: { address } });
    assert.deepEqual(declared.objects, []);
    assert.equal(declared.address, address);
  });

  it("is served at its host, by default that of its part", async () => {
    const hosts = async (ci: Record<string, unknown>) => {
      const declared = await jenkins(ci);
      const route = declared.object("HTTPRoute", "jenkins");
      const settings = at(configMap(declared, "jenkins-settings"), "data") as Record<
        string,
        string
      >;
      const { unclassified } = parse(settings["settings.yaml"] ?? "") as {
        unclassified: { location: { url: string } };
      };
      return [at(route, "spec.hostnames"), declared.address, unclassified.location.url];
    };
    const address = "https://ci.dev.platform.test";
    assert.deepEqual(await hosts({}), [["ci.dev.platform.test"], address, `${address}/`]);
    assert.deepEqual((await hosts({ host: "build.test" }))[0], ["build.test"]);
  });

  it("names for each job the groups of its team that may let a build continue", async () => {
    const text = async (build: string[]) => {
      const teams = { commerce: { view: ["support"], build } };
      const { data } = configMap(await jenkins({}, { teams }), "jenkins-jobs") as unknown as {
        data: { "jobs.yaml": string };
      };
      return data["jobs.yaml"];
    };
    assert.match(await text(["leads", "cn=a,ou=b"]), /'approvers': \['leads'\]/);
    assert.doesNotMatch(await text([]), /'approvers'/);
  });

  it("is one pod, which keeps its volumes and has time to save what runs", async () => {
    const controller = (await jenkins({ storageClass: "ceph-rbd", home: "9Gi" })).object(
      "StatefulSet",
      "jenkins",
    );
    assert.equal(at(controller, "spec.replicas"), 1);
    assert.equal(podOf(controller).terminationGracePeriodSeconds, 120);
    const claims = at(
      controller,
      "spec.volumeClaimTemplates",
    ) as k8s.types.output.core.v1.PersistentVolumeClaim[];
    assert.deepEqual(
      claims.map(({ metadata, spec }) => [
        metadata.name,
        spec.storageClassName,
        spec.resources.requests?.["storage"],
      ]),
      [
        ["home", "ceph-rbd", "9Gi"],
        ["backup", "ceph-rbd", "20Gi"],
      ],
    );
  });

  it("has scrape annotations that match the metrics in its settings", async () => {
    const controller = (await jenkins()).object("StatefulSet", "jenkins");
    const annotations = at(controller, "spec.template.metadata.annotations") as Record<
      string,
      string
    >;
    assert.equal(annotations["prometheus.io/scrape"], "true");
    assert.equal(annotations["prometheus.io/port"], "8080");
    assert.equal(annotations["prometheus.io/path"], "/prometheus/");
  });
});
