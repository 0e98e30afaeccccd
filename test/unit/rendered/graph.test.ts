import assert from "node:assert/strict";
import type { Registration } from "../../../render/record";
import { everythingBefore } from "../../support/graph";
import { claimedClasses, claimsWithoutEdges } from "../../support/claims";
import { stackNames, stackRecording } from "../../support/stacks";

const namespaceType = "kubernetes:core/v1:Namespace";
const typeOf = (urn: string) => urn.split("::").at(-2)?.split("$").at(-1);

for (const stack of stackNames) {
  describe(`the order of stack ${stack}`, () => {
    let registrations: Registration[];
    before(async () => {
      ({ registrations } = await stackRecording(stack));
    });

    it("has no metadata made of anything but Namespaces: whatever it is made of replaces the object", () => {
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

    it("creates whatever claims volumes after their class, its driver and the driver's rights", () => {
      assert.ok(
        registrations.some((entry) => claimedClasses(entry).length > 0),
        "nothing claims",
      );
      assert.deepEqual(claimsWithoutEdges(registrations), []);
    });

    it("waits for no Service: workloads are waited for, each within its own time", () => {
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
