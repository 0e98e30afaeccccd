import assert from "node:assert/strict";
import { replaces } from "../../../../local/plugins/resource-kubernetes/replace";

const of = (path: string, kind: string, apiVersion = "v1", isFrozen = false) =>
  replaces(path, { apiVersion, kind, name: "a" }, isFrozen);

describe("a change replaces the object", () => {
  const cases: [path: string, kind: string, apiVersion: string, replace: boolean][] = [
    ["metadata.name", "ConfigMap", "v1", true],
    ["metadata.namespace", "ConfigMap", "v1", true],
    ["metadata.namespaces", "ConfigMap", "v1", false],
    ['metadata.labels["name"]', "ConfigMap", "v1", false],
    ["kind", "ConfigMap", "v1", true],
    ["apiVersion", "Deployment", "apps/v1", false],
    ["apiVersion", "Ingress", "networking.k8s.io/v1", false],
    ["spec.selector.matchLabels.app", "Deployment", "apps/v1", true],
    ["spec.selector.matchLabels.a/b", "DaemonSet", "apps/v1", true],
    ["spec.replicas", "Deployment", "apps/v1", false],
    ["spec.template.spec.containers[0].image", "Deployment", "apps/v1", false],
    ["spec.selector.app", "Service", "v1", false],
    ["spec.serviceName", "StatefulSet", "apps/v1", true],
    [
      "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
      "StatefulSet",
      "apps/v1",
      true,
    ],
    ["spec.template.spec.containers[0].image", "Job", "batch/v1", true],
    ["spec.jobTemplate.spec.template.spec.containers[0].image", "CronJob", "batch/v1", false],
    ["spec.parallelism", "Job", "batch/v1", true],
    ["spec.backoffLimit", "Job", "batch/v1", false],
    ["spec.completions", "Job", "batch/v1", true],
    ["spec.resources.requests.storage", "PersistentVolumeClaim", "v1", false],
    ["spec.storageClassName", "PersistentVolumeClaim", "v1", true],
    ["parameters.pool", "StorageClass", "storage.k8s.io/v1", true],
    ["allowVolumeExpansion", "StorageClass", "storage.k8s.io/v1", false],
    ["roleRef.name", "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", true],
    ["subjects[0].name", "RoleBinding", "rbac.authorization.k8s.io/v1", false],
    ["type", "Secret", "v1", true],
    ["data.password", "Secret", "v1", false],
    ["value", "PriorityClass", "scheduling.k8s.io/v1", false],
    ["spec.clusterIP", "Service", "v1", true],
    ["spec.clusterIPs", "Service", "v1", false],
    ["spec.revisionHistoryLimit", "StatefulSet", "apps/v1", true],
    ["spec.revisionHistoryLimit", "Deployment", "apps/v1", false],
    ["spec.csi.driver", "PersistentVolume", "v1", true],
    ["spec.scopes[0]", "ResourceQuota", "v1", true],
    ["spec.hostNetwork", "Pod", "v1", true],
    ["spec.containers[0].image", "Pod", "v1", true],
    ["spec.containers[0].name", "Pod", "v1", false],
    ["reclaimPolicy", "StorageClass", "storage.k8s.io/v1", false],
    ["spec.template.x", "Job", "jobs.example.com/v1", false],
    ["type", "Secret", "vault.example.com/v1", false],
    ["metadata.name", "Job", "jobs.example.com/v1", true],
  ];
  for (const [path, kind, apiVersion, replace] of cases) {
    it(`${replace ? "at" : "but not at"} ${path} of ${apiVersion} ${kind}`, () =>
      assert.equal(of(path, kind, apiVersion), replace));
  }

  it("at the content of an object that declares itself immutable", () => {
    const frozen = (path: string, kind: string) => of(path, kind, "v1", true);
    for (const path of ["data.a", 'data["a.b"]', "binaryData.a"]) {
      assert.equal(frozen(path, "ConfigMap"), true, path);
      assert.equal(of(path, "ConfigMap"), false, path);
    }
    assert.equal(frozen("stringData", "Secret"), true);
    assert.equal(frozen("immutable", "ConfigMap"), false);
    assert.equal(frozen("metadata.labels.a", "ConfigMap"), false);
  });
});
