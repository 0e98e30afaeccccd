import assert from "node:assert/strict";
import { podsOf } from "../../../cli/doctor/pods";
import { essenceOf } from "../../../cli/preview/essence";
import { podSpecIn } from "../../../components/charts/pods";
import { podKinds, podTemplateOf } from "../../../config/pod-template";
import { neededImages } from "../../../local/images/needed";
import { violations } from "../../../policy/check";
import { checkObjects } from "../../../program/charts/problems";
import type { KubernetesObject } from "../../../render/objects";

const policy = { environment: "dev" as const, nodePorts: { min: 30_000, max: 32_767 } };
const image = "example.com/shop:latest";
const template = {
  metadata: { annotations: { "container.apparmor.security.beta.kubernetes.io/a": "unconfined" } },
  spec: { containers: [{ name: "a", image }] },
};

const apiVersions: Record<string, string> = {
  Pod: "v1",
  ReplicationController: "v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
};

/** Returns an object of a kind with the pod template. */
function objectOf(kind: string): KubernetesObject {
  const specs: Record<string, object> = {
    Pod: template.spec,
    CronJob: { jobTemplate: { spec: { template } } },
  };
  const annotations = kind === "Pod" ? template.metadata.annotations : {};
  return {
    apiVersion: apiVersions[kind] ?? "apps/v1",
    kind,
    metadata: { name: "shop", namespace: "shop", annotations },
    spec: specs[kind] ?? { template },
  };
}

describe("the pods of an object", () => {
  it("are known for every kind of Kubernetes that creates pods", () => {
    assert.deepEqual(podKinds, [
      "Pod",
      "ReplicaSet",
      "ReplicationController",
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "Job",
      "CronJob",
    ]);
  });

  it("are none of another object, or of one without a template", () => {
    const none = [{ kind: "Service", spec: { template } }, { kind: "toString" }, {}];
    for (const object of [...none, { kind: "Deployment", spec: null }]) {
      assert.equal(podTemplateOf(object), undefined);
    }
  });

  for (const kind of podKinds) {
    it(`are found in a ${kind} by the policy, previews, charts, the doctor and the images`, () => {
      const object = objectOf(kind);
      const rules = violations([object], policy).map(({ rule }) => rule);
      assert.ok(rules.includes("pinnedImages") && rules.includes("runAsNonRoot"), rules.join());
      assert.match(essenceOf(object), /example\.com\/shop:latest$/);
      assert.deepEqual(podSpecIn(object), template.spec);
      assert.deepEqual(podsOf(object, 3), [
        { title: `${kind} shop/shop`, count: kind === "DaemonSet" ? 3 : 1, spec: template.spec },
      ]);
      assert.deepEqual(neededImages([object], {}).platform, [image]);
    });

    it(`are checked with the annotations of a chart's ${kind}`, () => {
      const entry = {
        kind: "charts" as const,
        name: "notes",
        key: "platform:components.charts.notes",
        stack: "dev",
        namespace: "shop",
        level: "baseline" as const,
        kubernetes: "1.36",
        secretStores: {},
        place: { clusterKinds: [] },
        config: {
          chart: "notes",
          values: {},
          valuesFiles: [],
          hooks: "refuse" as const,
          clusterKinds: [],
        },
      };
      const [problem, ...more] = checkObjects(entry, [objectOf(kind)]).problems;
      assert.match(problem?.message ?? "", /container\.apparmor\.security/);
      assert.deepEqual(more, []);
    });
  }
});
