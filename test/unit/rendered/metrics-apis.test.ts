import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { stackFileConfig } from "../../../config/stack-file";
import { platformValues } from "../../../config/yaml";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import { at } from "../../support/declare";
import { stackNames, stackRecording } from "../../support/stacks";

for (const stack of stackNames) {
  describe(`the metrics APIs of stack ${stack}`, () => {
    let objects: KubernetesObject[];
    before(async () => {
      objects = kubernetesObjects((await stackRecording(stack)).registrations);
    });

    it("have one owner each, and belong to the two groups that have an owner here", () => {
      const groups = objects
        .filter(({ kind }) => kind === "APIService")
        .map((object) => at(object, "spec.group"));
      assert.deepEqual(groups, [...new Set(groups)]);
      for (const group of groups) {
        assert.ok(["metrics.k8s.io", "external.metrics.k8s.io"].includes(String(group)));
      }
    });

    it("exist for every app that is scaled by its requests, here or in the cluster", () => {
      const { components } = parseStack(stack, platformValues(stackFileConfig(stack)));
      const isBrought = components.autoscaling?.keda?.installedIn !== undefined;
      const scaled = objects.filter(({ kind }) => kind === "ScaledObject");
      const external = objects.some(
        ({ kind, metadata }) =>
          kind === "APIService" && metadata.name === "v1beta1.external.metrics.k8s.io",
      );
      assert.equal(external, scaled.length > 0 && !isBrought);
    });

    it("scale each Deployment with only one autoscaler, which alone determines its number of pods", () => {
      const targets = objects.filter(({ kind }) =>
        ["HorizontalPodAutoscaler", "ScaledObject"].includes(kind),
      );
      assert.ok(targets.length > 0);
      const names = targets.map(
        (object) =>
          `${object.metadata.namespace}/${String(at(object, "spec.scaleTargetRef.name"))}`,
      );
      assert.deepEqual(names, [...new Set(names)], "two autoscalers of one Deployment");
      for (const name of names) {
        const deployment = objects.find(
          ({ kind, metadata }) =>
            kind === "Deployment" && `${metadata.namespace}/${metadata.name}` === name,
        );
        assert.ok(deployment, name);
        assert.equal(at(deployment, "spec.replicas"), undefined, name);
      }
    });
  });
}
