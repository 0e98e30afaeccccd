import assert from "node:assert/strict";
import { ApiError } from "../../../../local/plugins/resource-kubernetes/client";
import { refusedPaths, replaces } from "../../../../local/plugins/resource-kubernetes/replace";

const of = (path: string, kind: string, apiVersion = "v1", facts = {}) =>
  replaces(path, { apiVersion, kind, name: "a" }, { groupChanges: false, frozen: false, ...facts });

describe("a change means another object", () => {
  const cases: [path: string, kind: string, apiVersion: string, replace: boolean][] = [
    ["metadata.name", "ConfigMap", "v1", true],
    ["metadata.namespace", "ConfigMap", "v1", true],
    ["metadata.namespaces", "ConfigMap", "v1", false],
    ['metadata.labels["name"]', "ConfigMap", "v1", false],
    ["kind", "ConfigMap", "v1", true],
    ["apiVersion", "Deployment", "apps/v1", false],
    ["spec.selector.matchLabels.app", "Deployment", "apps/v1", true],
    ['spec.selector.matchLabels["a/b"]', "DaemonSet", "apps/v1", true],
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
    ["spec.parallelism", "Job", "batch/v1", false],
    ["spec.completions", "Job", "batch/v1", true],
    ["spec.resources.requests.storage", "PersistentVolumeClaim", "v1", false],
    ["spec.storageClassName", "PersistentVolumeClaim", "v1", true],
    ["parameters.pool", "StorageClass", "storage.k8s.io/v1", true],
    ["allowVolumeExpansion", "StorageClass", "storage.k8s.io/v1", false],
    ["roleRef.name", "ClusterRoleBinding", "rbac.authorization.k8s.io/v1", true],
    ["subjects[0].name", "RoleBinding", "rbac.authorization.k8s.io/v1", false],
    ["type", "Secret", "v1", true],
    ["data.password", "Secret", "v1", false],
    ["value", "PriorityClass", "scheduling.k8s.io/v1", true],
    ["spec.template.x", "Job", "jobs.example.com/v1", false],
    ["type", "Secret", "vault.example.com/v1", false],
    ["metadata.name", "Job", "jobs.example.com/v1", true],
  ];
  for (const [path, kind, apiVersion, replace] of cases) {
    it(`${replace ? "at" : "but not at"} ${path} of ${apiVersion} ${kind}`, () =>
      assert.equal(of(path, kind, apiVersion), replace));
  }

  it("at apiVersion, when the group changes", () => {
    assert.equal(of("apiVersion", "Ingress", "networking.k8s.io/v1", { groupChanges: true }), true);
  });

  it("at the content of what was immutable", () => {
    for (const path of ["data.a", 'data["a.b"]', "binaryData.a", "stringData", "immutable"]) {
      assert.equal(of(path, "ConfigMap", "v1", { frozen: true }), true, path);
      assert.equal(of(path, "ConfigMap"), false, path);
    }
    assert.equal(of("metadata.labels.a", "ConfigMap", "v1", { frozen: true }), false);
  });
});

describe("a change that the server refuses to make in place", () => {
  const refusal = (message: string, causes?: [field: string | undefined, message: string][]) =>
    new ApiError(422, {
      message,
      details: { causes: causes?.map(([field, text]) => ({ field, message: text })) },
    });
  const refused = (error: ApiError, ...paths: string[]) => [
    ...refusedPaths(
      error,
      paths.map((path) => ({ path, kind: "update" as const })),
    ),
  ];
  const immutable = "Invalid value: 1: field is immutable";

  const cases: [title: string, error: ApiError, paths: string[], found: string[]][] = [
    ["is the field itself", refusal("", [["spec.a", immutable]]), ["spec.a", "spec.b"], ["spec.a"]],
    ["is above the field", refusal("", [["spec.a.b", immutable]]), ["spec.a"], ["spec.a"]],
    [
      "is below the field",
      refusal("", [["spec.a", immutable]]),
      ["spec.a.b", "spec.ab"],
      ["spec.a.b"],
    ],
    ["is a list's item", refusal("", [["spec.a", immutable]]), ["spec.a[0].b"], ["spec.a[0].b"]],
    ["is the list of an item", refusal("", [["spec.a[0].b", immutable]]), ["spec.a"], ["spec.a"]],
    [
      "has a quoted name",
      refusal("", [["metadata.annotations[a/b]", immutable]]),
      ['metadata.annotations["a/b"]'],
      ['metadata.annotations["a/b"]'],
    ],
    [
      "is one of a StatefulSet's",
      refusal("", [
        [
          "spec",
          "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
        ],
      ]),
      ["spec.podManagementPolicy", "metadata.labels.a"],
      ["spec.podManagementPolicy"],
    ],
    [
      "is a PriorityClass's",
      refusal("", [["value", "may not be changed in an update."]]),
      ["value"],
      ["value"],
    ],
    [
      "is a custom kind's",
      refusal("", [["spec.controllerName", 'Invalid value: "string": Value is immutable']]),
      ["spec.controllerName"],
      ["spec.controllerName"],
    ],
    ["is not told apart", refusal("x is invalid: field is immutable"), ["spec.a"], ["spec.a"]],
    ["is wrong, not immutable", refusal("", [["spec.a", "Required value"]]), ["spec.a"], []],
    [
      "would lose data",
      refusal("", [
        [
          "spec.resources.requests.storage",
          "Forbidden: field can not be less than status.capacity",
        ],
      ]),
      ["spec.resources.requests.storage"],
      [],
    ],
    ["is of no changed field", refusal("", [["spec.z", immutable]]), ["spec.a"], []],
  ];
  for (const [title, error, paths, found] of cases) {
    it(title, () => assert.deepEqual(refused(error, ...paths), found));
  }
});
