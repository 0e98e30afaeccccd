import assert from "node:assert/strict";
import { kubernetesObjects } from "../../../render/objects";
import { oneSidedConnections, unheardPorts, type OneSided } from "../../support/network-ends";
import { refusedCalls, serviceCalls } from "../../support/service-calls";
import { stackNames, stackRecording } from "../../support/stacks";

function sentence({ from, to, port, refusedBy }: OneSided): string {
  return `${from} -> ${to}:${port} is refused by the ${refusedBy}`;
}

for (const stack of stackNames) {
  describe(`connections between the parts of stack ${stack}`, () => {
    it("are listed at both ends, because each end's policy refuses what it does not list", async () => {
      const { registrations } = await stackRecording(stack);
      const found = oneSidedConnections(kubernetesObjects(registrations));
      assert.deepEqual(found.map(sentence), []);
    });

    it("are on ports of pods, not of Services", async () => {
      const { registrations } = await stackRecording(stack);
      assert.deepEqual(unheardPorts(kubernetesObjects(registrations)), []);
    });

    it("include every call of a Service that a pod's settings name, on the port of the Service's pods", async () => {
      const { registrations } = await stackRecording(stack);
      const objects = kubernetesObjects(registrations);
      assert.ok(serviceCalls(objects).length > 10);
      assert.deepEqual(refusedCalls(objects).map(sentence), []);
    });
  });
}
