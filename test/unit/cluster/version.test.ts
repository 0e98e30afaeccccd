import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import type { ResourceTransformationArgs } from "@pulumi/pulumi";
import { RegistrationGate } from "../../../cluster/registration-gate";
import { checkedVersion, knownFieldsOnly } from "../../../cluster/version";
import { declareWhole } from "../../../program/declare-whole";
import { record } from "../../../render/record";
import { newFields, supportedKubernetes } from "../../../versions/kubernetes";

describe("the cluster's version", () => {
  const context = "prod";

  it("is that of the API server, without a provider's suffix", () => {
    assert.equal(checkedVersion({ major: "1", minor: "36" }, { context }), "1.36");
    assert.equal(checkedVersion({ major: "1", minor: "34+" }, { context }), "1.34");
    assert.equal(checkedVersion({ major: "1", minor: "36" }, { context, version: "1.36" }), "1.36");
  });

  it("is refused if the config states another one", () => {
    assert.throws(
      () => checkedVersion({ major: "1", minor: "35" }, { context, version: "1.36" }),
      /^Error: platform:cluster\.version: expected the version of the cluster, got 1\.36; context "prod" points to Kubernetes 1\.35\. Nothing was changed\./,
    );
  });

  it("is refused if it is not supported", () => {
    for (const minor of ["33", "38"]) {
      assert.throws(
        () => checkedVersion({ major: "1", minor }, { context }),
        new RegExp(
          `Kubernetes: expected one of the versions 1\\.34, 1\\.35, 1\\.36, 1\\.37, got 1\\.${minor} in context "prod"`,
        ),
      );
    }
    assert.throws(() => checkedVersion(undefined, { context }), /got an unknown one in/);
  });
});

describe("fields that a version does not know", () => {
  const declare = (type: string, props: object, version = supportedKubernetes[0]) =>
    knownFieldsOnly(
      version,
      new RegistrationGate(),
    )({ type, name: "shop", props } as ResourceTransformationArgs);
  const deployment = (container: object, pod: object = {}) => ({
    spec: { template: { spec: { containers: [{ name: "shop", ...container }], ...pod } } },
  });
  const apps = "kubernetes:apps/v1:Deployment";

  it("are refused with the version and the field's path", () => {
    const rules = deployment({ restartPolicyRules: [{ action: "Restart" }] });
    assert.throws(
      () => declare(apps, rules),
      /^Error: Deployment shop: expected fields of Kubernetes 1\.34, got spec\.template\.spec\.containers\[\]\.restartPolicyRules, which needs 1\.35\. Nothing was changed\.$/,
    );
    assert.equal(declare(apps, rules, "1.35" as never), undefined);
  });

  it("are refused for every version if they need a feature gate", () => {
    const signal = deployment({ lifecycle: { stopSignal: "SIGUSR1" } });
    for (const version of supportedKubernetes) {
      assert.throws(() => declare(apps, signal, version as never), /which needs a feature gate/);
    }
  });

  it("are refused in values that are known later, without the object", async () => {
    const pods = (container: object) => deployment(container).spec.template;
    const run = async (container: object) => {
      const registered: string[] = [];
      const program = declareWhole((gate) => {
        const opts = { transformations: [knownFieldsOnly("1.34", gate)], dependsOn: gate.opened };
        const migration = new k8s.batch.v1.Job("migrate", {}, opts);
        const template = migration.id.apply(() => pods(container));
        const shop = new k8s.apps.v1.Deployment("shop", { spec: { selector: {}, template } }, opts);
        for (const { urn } of [migration, shop]) {
          urn.apply((known) => registered.push(known.split("::").at(-1) ?? ""));
        }
        return Promise.resolve({});
      });
      const failure = await record(program, "test", {}).then(
        () => "none",
        (error: Error) => error.message,
      );
      return { registered, failure };
    };
    assert.deepEqual(await run({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }), {
      registered: ["migrate", "shop"],
      failure: "none",
    });
    const { registered, failure } = await run({ lifecycle: { stopSignal: "SIGUSR1" } });
    assert.deepEqual(registered, ["migrate"]);
    assert.match(
      failure,
      /Deployment shop: .*got spec\.template\.spec\.containers\[\]\.lifecycle\.stopSignal, .* This object was not changed\.$/,
    );
  });

  it("can also be values of one kind", () => {
    const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
    assert.throws(
      () => declare(autoscaler, { spec: { minReplicas: 0 } }),
      /HorizontalPodAutoscaler shop: .*got spec\.minReplicas 0, which needs 1\.37/,
    );
    declare(autoscaler, { spec: { minReplicas: 2 } });
    declare("kubernetes:keda.sh/v1alpha1:ScaledObject", { spec: { minReplicas: 0 } });
    declare(apps, { spec: { strategy: { rollingUpdate: { maxUnavailable: 1 } } } });
  });

  it("include those of sidecar init containers, sleep actions and definitions", () => {
    declare(apps, deployment({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }));
    declare(apps, deployment({}, { initContainers: [{ restartPolicy: "Always" }] }));
    declare("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {
      spec: { trafficDistribution: "PreferSameNode", lifecycle: { stopSignal: "x" } },
    });
  });

  it("are in the table in the order of the versions that introduced them", () => {
    const minors = newFields.map(({ since = "1.99" }) => Number(since.split(".")[1]));
    assert.deepEqual(
      minors,
      [...minors].sort((a, b) => a - b),
    );
  });
});
