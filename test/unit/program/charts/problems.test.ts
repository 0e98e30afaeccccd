import assert from "node:assert/strict";
import type { PackageEntry } from "../../../../program/charts/entries";
import { checkObjects } from "../../../../program/charts/problems";

const key = "platform:components.charts.notes";
const notes: PackageEntry = {
  kind: "charts",
  name: "notes",
  key,
  stack: "dev",
  namespace: "notes",
  level: "restricted",
  kubernetes: "1.36",
  secretStores: {},
  place: { clusterKinds: ["cert-manager.io/ClusterIssuer"] },
  config: { chart: "notes", values: {}, valuesFiles: [], hooks: "refuse", clusterKinds: [] },
};
const object = (kind: string, fields: object = {}, apiVersion = "v1") => ({
  apiVersion,
  kind,
  metadata: { name: "x" },
  ...fields,
});
const problemsOf = (...raw: unknown[]) =>
  checkObjects(notes, raw).problems.map(({ key: at, message }) => `${at}: ${message}`);

describe("the objects of a chart", () => {
  it("get their namespace, cluster-scoped ones none", () => {
    const definition = {
      ...object("CustomResourceDefinition", {}, "apiextensions.k8s.io/v1"),
      spec: { group: "example.com", scope: "Cluster", names: { kind: "Fleet" } },
    };
    const { objects, problems } = checkObjects(notes, [
      object("ConfigMap", { status: {}, metadata: { name: "x", creationTimestamp: null } }),
      object("ClusterRole", {}, "rbac.authorization.k8s.io/v1"),
      definition,
      object("Fleet", {}, "example.com/v1"),
      object("ClusterIssuer", {}, "cert-manager.io/v1"),
      object("Certificate", {}, "cert-manager.io/v1"),
      object(
        "ClusterRole",
        { metadata: { name: "y", namespace: "other" } },
        "rbac.authorization.k8s.io/v1",
      ),
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(objects[0], {
      ...object("ConfigMap"),
      metadata: { name: "x", namespace: "notes" },
    });
    assert.deepEqual(
      objects.slice(1).map(({ kind, metadata }) => [kind, metadata.namespace]),
      [
        ["ClusterRole", undefined],
        ["CustomResourceDefinition", undefined],
        ["Fleet", undefined],
        ["ClusterIssuer", undefined],
        ["Certificate", "notes"],
        ["ClusterRole", undefined],
      ],
    );
  });

  const wrong: [title: string, raw: unknown[], error: RegExp][] = [
    ["none at all", [], /expected at least one object, got none$/],
    ["what is no object", ["text"], /expected Kubernetes objects, got "text"/],
    [
      "one without a name",
      [{ ...object("ConfigMap"), metadata: { generateName: "x" } }],
      /metadata\.name/,
    ],
    [
      "one in another namespace",
      [{ ...object("ConfigMap"), metadata: { name: "x", namespace: "kube-system" } }],
      /expected objects in its namespace notes, got ConfigMap kube-system\/x; /,
    ],
    ["a namespace", [object("Namespace")], /got Namespace x; remove it/],
    [
      "a Secret with a password in it",
      [object("Secret", { stringData: { password: "word" } })],
      /expected no Secret with content, got Secret notes\/x; it would be in the repository/,
    ],
    [
      "one twice",
      [object("ConfigMap"), object("ConfigMap")],
      /expected each object once, got ConfigMap notes\/x twice/,
    ],
    [
      "a kind that Kubernetes no longer has",
      [object("PodSecurityPolicy", {}, "policy/v1")],
      /expected kinds that Kubernetes serves, got PodSecurityPolicy notes\/x of policy\/v1/,
    ],
    [
      "pods that may do more than the namespace lets in",
      [object("Pod", { spec: { hostNetwork: true, containers: [{ name: "a" }] } })],
      /expected pods that Pod Security restricted admits to namespace notes, got Pod notes\/x \(hostNetwork; container a: .*\); change its values, or set platform:components\.charts\.notes\.podSecurity/,
    ],
  ];
  for (const [title, raw, error] of wrong) {
    it(`are refused: ${title}`, () => {
      const problems = problemsOf(...raw);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.ok(problems[0]?.startsWith(`${key}: expected `));
      assert.match(problems[0] ?? "", error);
    });
  }

  it("may have an empty Secret, which a controller fills", () => {
    assert.deepEqual(problemsOf(object("Secret", { data: {} })), []);
  });

  it("may have any fields: nothing in them breaks the check", () => {
    for (const spec of [
      null,
      1,
      "x",
      [],
      { template: 1 },
      { template: { spec: { containers: 1 } } },
    ]) {
      problemsOf(
        object("Deployment", { spec }, "apps/v1"),
        object("CronJob", { spec }, "batch/v1"),
      );
    }
  });
});
