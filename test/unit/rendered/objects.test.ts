import assert from "node:assert/strict";
import { requireSupported } from "../../../local/plugins/resource-kubernetes/supported";
import { at } from "../../support/declare";
import { kubernetesObjects, type KubernetesObject } from "../../../render/objects";
import type { Registration } from "../../../render/record";
import { stackNames, stackRecording } from "../../support/stacks";

const partLabel = "app.kubernetes.io/part-of";

interface BackendRef {
  name: string;
  namespace?: string;
  port: number;
}

for (const stack of stackNames) {
  describe(`every object of stack ${stack}`, () => {
    let registrations: Registration[];
    let objects: KubernetesObject[];
    before(async () => {
      ({ registrations } = await stackRecording(stack));
      objects = kubernetesObjects(registrations);
    });

    it("uses the stack's explicit provider", () => {
      const wrong = registrations.filter(
        ({ type, provider }) =>
          type.startsWith("kubernetes:") &&
          !provider.includes("pulumi:providers:kubernetes::cluster"),
      );
      assert.deepEqual(
        wrong.map(({ urn }) => urn),
        [],
      );
    });

    it("needs nothing that the stand-in for the official plugin lacks", () => {
      for (const { type, name, inputs } of registrations) {
        if (!type.startsWith("kubernetes:")) continue;
        requireSupported(type);
        // The official plugin waits until it has an address.
        assert.doesNotMatch(type, /:Ingress$/, name);
        assert.doesNotMatch(
          JSON.stringify(inputs.metadata ?? {}),
          /pulumi\.com\/(replaceUnready|patchFieldManager)/,
          name,
        );
      }
    });

    it("belongs to a component", () => {
      const wrong = registrations.filter(
        ({ type, parent }) => type.startsWith("kubernetes:") && !parent.includes("platform:"),
      );
      assert.deepEqual(
        wrong.map(({ urn }) => urn),
        [],
      );
    });

    it("has a unique name in its kind and namespace", () => {
      const keys = objects.map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
      );
      assert.equal(new Set(keys).size, keys.length);
      assert.ok(
        objects.every(({ metadata }) => metadata.name.length <= 63 || metadata.name.includes(".")),
      );
    });

    it("belongs to the part of its namespace, if it is not of another part that works there", () => {
      // The backup of a part runs next to it, and the pipeline's certificate Job writes into the namespace of the nodes.
      const guests = ["backup", "Role logging-tls", "RoleBinding logging-tls"];
      const members = objects.filter(({ kind, metadata }) => {
        const part = metadata.labels?.[partLabel] ?? "";
        return !guests.includes(part) && !guests.includes(`${kind} ${metadata.name}`);
      });
      const namespaces = new Set(members.map(({ metadata }) => metadata.namespace ?? ""));
      const mixed = [...namespaces].flatMap((namespace) => {
        const own = members.filter(({ metadata }) => metadata.namespace === namespace);
        const parts = new Set(own.map(({ metadata }) => metadata.labels?.[partLabel]));
        return parts.size < 2 || parts.has("tenancy") ? [] : [`${namespace}: ${[...parts].join()}`];
      });
      assert.ok(namespaces.size > 10);
      assert.deepEqual(mixed, []);
    });

    it("sets no empty labels or annotations, which the API server drops: a permanent difference", () => {
      const empty = objects.filter(({ metadata }) =>
        [metadata.labels, metadata.annotations].some(
          (map) => map !== undefined && Object.keys(map).length === 0,
        ),
      );
      assert.deepEqual(
        empty.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
        [],
      );
    });

    it("routes only to Services and ports that exist", () => {
      for (const route of objects.filter(({ kind }) => kind === "HTTPRoute")) {
        const rules = at(route, "spec.rules") as { backendRefs: BackendRef[] }[];
        for (const { backendRefs } of rules) {
          for (const ref of backendRefs) {
            const service = objects.find(
              ({ kind, metadata }) =>
                kind === "Service" &&
                metadata.name === ref.name &&
                metadata.namespace === (ref.namespace ?? route.metadata.namespace),
            );
            assert.ok(service, `${route.metadata.name} routes to ${ref.name}, which is no Service`);
            const ports = at(service, "spec.ports") as { port: number }[];
            assert.ok(ports.some(({ port }) => port === ref.port));
          }
        }
      }
    });

    it("lets broken pods be evicted, except for those that may hold the last copy of data", () => {
      const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
      assert.ok(budgets.length > 0);
      const kept = budgets.filter(
        (budget) => at(budget, "spec.unhealthyPodEvictionPolicy") !== "AlwaysAllow",
      );
      for (const { metadata } of kept) {
        assert.ok(["elasticsearch", "kafka"].includes(metadata.name), metadata.name);
      }
    });

    it("selects pods of a workload if it is a Service", () => {
      const pods = objects.flatMap((object) => {
        const labels = at(object, "spec.template.metadata.labels") as
          Record<string, string> | undefined;
        return labels === undefined ? [] : [{ namespace: object.metadata.namespace, labels }];
      });
      for (const service of objects.filter(({ kind }) => kind === "Service")) {
        const selector = at(service, "spec.selector") as Record<string, string> | undefined;
        if (selector === undefined) continue;
        assert.ok(
          pods.some(
            ({ namespace, labels }) =>
              namespace === service.metadata.namespace &&
              Object.entries(selector).every(([key, value]) => labels[key] === value),
          ),
          `Service ${service.metadata.name} selects nothing`,
        );
      }
    });
  });
}
