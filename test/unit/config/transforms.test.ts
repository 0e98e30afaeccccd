import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { parsePath, pathText } from "../../../config/field-path";
import { errorsIn } from "./errors-of";

const base = {
  environment: "dev",
  domain: "platform.test",
  cluster: { kubeconfig: ".kube/config", context: "dev" },
};
const headlamp = "Deployment dashboard/headlamp";
const key = `platform:transforms["${headlamp}"]`;

/** Returns the errors of a stack with transforms. */
function errorsOf(transforms: unknown, other: object = {}): string[] {
  return errorsIn(() => parseStack("dev", { ...base, transforms, ...other }));
}

/** Returns the message about one field of an object; undefined if a transform may set it. */
function refusal(object: string, path: string, value: unknown = "x"): string | undefined {
  const [error] = errorsOf({ [object]: { set: { [path]: value }, reason: "because" } });
  return error?.slice(error.indexOf(": expected") + 2);
}

describe("the path of a field", () => {
  it("is read as it is written", () => {
    const path = "spec.template.metadata.annotations[example.com/a].containers[0][b]";
    const steps = parsePath(path) ?? [];
    assert.deepEqual(
      steps.map(({ text }) => text),
      ["spec", "template", "metadata", "annotations", "example.com/a", "containers", "0", "b"],
    );
    assert.equal(pathText(steps), path);
  });

  it("is nothing else", () => {
    for (const text of [
      "",
      ".spec",
      "spec.",
      "spec..a",
      "[a]",
      "a[]",
      "a[b",
      "a]b",
      "a b",
      "a[[b]]",
    ])
      assert.equal(parsePath(text), undefined, text);
  });
});

describe("transforms in a stack's config", () => {
  it("set fields of named objects", () => {
    const set = {
      "spec.template.spec.containers[headlamp].resources.limits.memory": "1Gi",
      "spec.template.spec.containers[headlamp].livenessProbe": null,
      "metadata.labels[example.com/owner]": "operations",
      "spec.template.metadata.annotations[example.com/a]": "b",
      "spec.template.spec.nodeSelector": { disk: "ssd" },
      "spec.minReadySeconds": 5,
    };
    const one = { [headlamp]: { set, reason: "large clusters" } };
    assert.deepEqual(parseStack("dev", { ...base, transforms: one }).transforms, one);
    for (const object of ["ClusterRole system:a.b", "Namespace monitoring", "ConfigMap a/b-1"])
      assert.deepEqual(errorsOf({ [object]: { set: { "a.b": 1 }, reason: "x" } }), [], object);
  });

  it("need an object, a path and a reason", () => {
    const [object] = errorsOf({ headlamp: { set: { "spec.replicas": 2 }, reason: "x" } });
    assert.match(
      object ?? "",
      /expected a kind, a namespace and a name, such as .*, got "headlamp"/,
    );
    assert.deepEqual(errorsOf({ [headlamp]: { set: { "spec.replicas": 2 } } }), [
      `${key}.reason: expected a string, got nothing`,
    ]);
    assert.deepEqual(errorsOf({ [headlamp]: { set: {}, reason: "x" } }), [
      `${key}.set: expected at least one path, got none`,
    ]);
    const [path] = errorsOf({ [headlamp]: { set: { "spec..replicas": 2 }, reason: "x" } });
    assert.match(
      path ?? "",
      /\.set\["spec\.\.replicas"\]: expected a path such as spec\..*, got "spec\.\.replicas"/,
    );
  });

  it("leave what identifies an object, selects its pods or protects it", () => {
    for (const path of [
      ...["apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "status.x"],
      ...[
        "spec",
        "spec.selector",
        "spec.selector.matchLabels.app",
        "spec.podSelector",
        "spec.template",
      ],
      ...["metadata.labels", "metadata[labels][platform/team]", "spec.template.metadata.labels"],
      ...["spec.jobTemplate.spec.template.metadata", "metadata.labels[app.kubernetes.io/name]"],
      ...["metadata.annotations", "spec.template.metadata.annotations[platform/checksum-a]"],
      ...[
        "metadata.annotations[pulumi.com/skipAwait]",
        "metadata.annotations[platform/allow-deletion]",
      ],
      "metadata.labels[pod-security.kubernetes.io/enforce]",
    ]) {
      assert.match(
        refusal(headlamp, path) ?? "",
        /^expected a field that a transform may set, got .*, \w+/,
        path,
      );
    }
    assert.equal(
      refusal(headlamp, "spec.template"),
      "expected a field that a transform may set, got spec.template, which contains spec.template.metadata.labels; set single fields inside it",
    );
  });

  it("leave what Secrets and ConfigMaps contain", () => {
    assert.match(
      refusal("Secret a/b", "stringData.password") ?? "",
      /plain text; create the Secret outside/,
    );
    assert.match(refusal("Secret a/b", "data") ?? "", /plain text/);
    assert.match(refusal("ConfigMap a/b", "data[a.yaml]") ?? "", /its pods would not notice/);
    assert.equal(refusal("Secret a/b", "metadata.annotations[a.b/c]"), undefined);
    const secure = { secure: "v1:abc" };
    assert.match(
      errorsOf({ [headlamp]: { set: { "spec.x": secure }, reason: "x" } }).join(),
      /no encrypted value/,
    );
  });

  it("do not depend on their order", () => {
    const limits = "spec.template.spec.containers[headlamp].resources.limits";
    assert.deepEqual(
      errorsOf({ [headlamp]: { set: { [`${limits}.memory`]: "1Gi", [limits]: {} }, reason: "x" } }),
      [
        `${key}.set["${limits}.memory"]: expected no path inside another one, got ${limits}.memory, which "${limits}" contains`,
      ],
    );
    const twice = { "spec.a.b": 1, "spec.a[b]": 2 };
    assert.equal(errorsOf({ [headlamp]: { set: twice, reason: "x" } }).length, 1);
    assert.equal(
      refusal(headlamp, "spec.args[0]", null),
      "expected a value, got null; set spec.args as a whole to remove an item without a name",
    );
  });

  it("belong to the stack that declares the parts", () => {
    const transforms = { [headlamp]: { set: { "spec.replicas": 2 }, reason: "x" } };
    const platformStack = "organization/platform/online";
    assert.deepEqual(errorsOf(transforms, { platformStack }), [
      `${key}: expected no transforms next to platform:platformStack "${platformStack}", which declares the parts, got ${headlamp}; set it in that stack`,
    ]);
  });
});
