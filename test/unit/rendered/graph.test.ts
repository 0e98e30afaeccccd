import assert from "node:assert/strict";
import { parseStack } from "../../../config";
import { stackFileConfig } from "../../../config/stack-file";
import { platformValues } from "../../../config/yaml";
import { partName } from "../../../engine/progress";
import { isOfApp } from "../../../engine/state";
import type { Registration } from "../../../render/record";
import { everythingBefore } from "../../support/graph";
import { claimsWithoutEdges, namespaceOf } from "../../support/claims";
import { podsBeforeRights } from "../../support/pod-rights";
import { claimNeeds, runtimeNeeds } from "../../support/runtime-needs";
import { stuckDeletions, stuckSteps, type Step } from "../../support/schedule";
import { stackNames, stackRecording } from "../../support/stacks";

const namespaceType = "kubernetes:core/v1:Namespace";
const typeOf = (urn: string) => urn.split("::").at(-2)?.split("$").at(-1);

for (const stack of stackNames) {
  describe(`the order of stack ${stack}`, () => {
    let registrations: Registration[];
    let schedule: Step[];
    before(async () => {
      ({ registrations } = await stackRecording(stack));
      schedule = steps(registrations);
    });

    it("has metadata that depends only on Namespaces, because a replacement of a dependency replaces the object", () => {
      const wrong = registrations.flatMap(({ urn, inputDependencies }) => {
        const foreign = inputDependencies["metadata"]?.find(
          (found) => typeOf(found) !== namespaceType,
        );
        return foreign === undefined ? [] : [`${urn} is made of ${foreign}`];
      });
      assert.deepEqual(wrong, []);
    });

    it("creates every object after its Namespace, and deletes it before", () => {
      const namespaces = registrations.filter(({ type }) => type === namespaceType);
      const wrong = registrations.filter(({ urn, inputs }) => {
        const { namespace } = (inputs["metadata"] ?? {}) as { namespace?: string };
        const own = namespaces.find(
          (candidate) => (candidate.inputs["metadata"] as { name: string }).name === namespace,
        );
        return own !== undefined && !everythingBefore(registrations, urn).has(own.urn);
      });
      assert.deepEqual(
        wrong.map(({ urn }) => urn),
        [],
      );
    });

    it("deletes API server extensions before Namespaces, which cannot be deleted while these do not respond", () => {
      const namespaces = registrations.filter(({ type }) => type === namespaceType);
      const wrong = registrations
        .filter(({ type }) => type.endsWith(":APIService"))
        .flatMap(({ urn }) => {
          const before = everythingBefore(registrations, urn);
          return namespaces
            .filter((namespace) => !before.has(namespace.urn))
            .map(({ name }) => name);
        });
      assert.deepEqual(wrong, []);
    });

    it("creates objects with claims after their class, its driver and the driver's rights", () => {
      assert.deepEqual(claimsWithoutEdges(registrations), []);
    });

    it("creates pods after their accounts' rights, and deletes them before", () => {
      assert.deepEqual(podsBeforeRights(registrations), []);
    });

    it("creates pods after the Job that creates their certificates, because kubelets retry less and less often", () => {
      const maker = registrations.find(({ name }) => name.startsWith("logging-tls-"));
      const mounted = /"(secretName|name)":"logging-(tls|ca)"/;
      const pods = registrations.filter(({ inputs, type }) => {
        const isWorkload = /:(Deployment|StatefulSet|DaemonSet|Job)$/.test(type);
        return isWorkload && mounted.test(JSON.stringify(inputs["spec"] ?? {}));
      });
      const early = pods.filter(
        ({ urn }) => maker !== undefined && !everythingBefore(registrations, urn).has(maker.urn),
      );
      assert.deepEqual(
        early.map(({ name }) => name),
        [],
      );
    });

    it("lets an app wait only for the parts of the platform without which it cannot serve requests", () => {
      const { apps } = parseStack(stack, platformValues(stackFileConfig(stack)));
      const hasVolumes = (name: string) =>
        Object.entries(apps).some(([app, { volumes }]) => {
          return Object.keys(volumes).length > 0 && (name === app || name.startsWith(`${app}-`));
        });
      // docs/decisions/release-waits.md
      const needed = ["autoscaling", "gateway", "placement", "tenancy"];
      const waiting = registrations
        .filter(({ urn }) => isOfApp(urn))
        .flatMap(({ urn, name }) => {
          const parts = [...everythingBefore(registrations, urn)]
            .filter((before) => !isOfApp(before))
            .map(partName);
          const allowed = hasVolumes(name) ? [...needed, "storage"] : needed;
          return parts.filter((part) => !allowed.includes(part)).map((part) => `${name}: ${part}`);
        });
      assert.deepEqual(waiting, []);
    });

    it("deletes objects with a finalizer of KEDA's operator before the operator and its rights", () => {
      const operator = registrations.filter(
        ({ type, name }) => name === "keda-operator" && /:(Deployment|\w+Binding)$/.test(type),
      );
      const scaled = registrations.filter(({ inputs }) => inputs["kind"] === "ScaledObject");
      const { components } = parseStack(stack, platformValues(stackFileConfig(stack)));
      const { keda } = components.autoscaling ?? {};
      assert.ok(scaled.length === 0 || keda !== undefined);
      // The operator of a KEDA that the cluster brings outlives the stack.
      assert.equal(operator.length, keda === undefined || keda.installedIn !== undefined ? 0 : 3);
      for (const { urn } of scaled) {
        const before = everythingBefore(registrations, urn);
        assert.deepEqual(
          operator.filter((needed) => !before.has(needed.urn)).map((needed) => needed.urn),
          [],
        );
      }
    });

    it("knows for every Job which servers it waits for", () => {
      const needs = runtimeNeeds(registrations);
      const blind = registrations.filter(
        ({ urn, type, name }) =>
          type.endsWith(":Job") &&
          // It creates certificates, and needs only the cluster's API.
          !name.startsWith("logging-tls") &&
          // The program waits for it, and its database is no business of the stack's.
          !name.includes("-migrate") &&
          !needs.get(urn)?.some((need) => /:(Deployment|StatefulSet)::/.test(need)),
      );
      assert.deepEqual(
        blind.map(({ urn }) => urn),
        [],
      );
    });

    for (const slots of [1, 2, 4, 8]) {
      it(`is created with ${slots} slots of the engine, without a deadlock`, () => {
        assert.deepEqual(stuckSteps(schedule, slots), []);
      });

      it(`is deleted with ${slots} slots of the engine, drivers after their claims`, () => {
        assert.deepEqual(stuckDeletions(schedule, keeping(registrations), slots), []);
      });
    }

    it("waits for no Service, but for workloads, each with its own timeout", () => {
      const services = registrations.filter(({ type }) => type === "kubernetes:core/v1:Service");
      const waiting = services.filter(({ inputs }) => {
        const { annotations } = inputs["metadata"] as { annotations?: Record<string, string> };
        return annotations?.["pulumi.com/skipAwait"] !== "true";
      });
      assert.ok(services.length > 0, "the stack declares no Service");
      assert.deepEqual(
        waiting.map(({ urn }) => urn),
        [],
      );
    });
  });
}

function steps(registrations: Registration[]): Step[] {
  const needs = runtimeNeeds(registrations);
  return registrations.map(({ urn, parent, provider, dependencies }) => ({
    urn,
    dependencies: [parent, provider.split("::").slice(0, -1).join("::"), ...dependencies].filter(
      (dependency) => needs.has(dependency),
    ),
    needs: needs.get(urn) ?? [],
  }));
}

/** Returns what must exist while a resource is deleted: the driver of the claims that are deleted with it. */
function keeping(registrations: Registration[]): (urn: string) => string[] {
  const kept = new Map<string, string[]>();
  for (const entry of registrations) {
    const drivers = claimNeeds(entry, registrations);
    for (const urn of [entry.urn, ...namespaceOf(entry, registrations)]) {
      kept.set(urn, [...(kept.get(urn) ?? []), ...drivers]);
    }
  }
  return (urn) => kept.get(urn) ?? [];
}
