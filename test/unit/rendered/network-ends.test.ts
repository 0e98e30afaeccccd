import assert from "node:assert/strict";
import { kubernetesObjects } from "../../../render/objects";
import { oneSidedConnections } from "../../support/network-ends";
import { stackNames, stackRecording } from "../../support/stacks";

for (const stack of stackNames) {
  describe(`connections between the parts of stack ${stack}`, () => {
    it("are listed at both ends, since each end's policy refuses what it does not list", async () => {
      const { registrations } = await stackRecording(stack);
      const found = oneSidedConnections(kubernetesObjects(registrations));
      assert.deepEqual(
        found.map(
          ({ from, to, port, refusedBy }) =>
            `${from} -> ${to}:${port} is refused by the ${refusedBy}`,
        ),
        [],
      );
    });
  });
}
