import assert from "node:assert/strict";
import { factsAbout } from "../../../versions/image-facts";
import { images, type ImageName } from "../../../versions/images";
import { kubernetesObjects } from "../../../render/objects";
import { stackNames, stackRecording } from "../../support/stacks";
import { containersOf, workloads } from "../../../policy/workloads";

for (const stack of stackNames) {
  describe(`the images of the platform's pods in stack ${stack}`, () => {
    it("have facts with which the rules about VOLUMEs, writable paths and shells check every pod", async () => {
      const objects = kubernetesObjects((await stackRecording(stack)).registrations);
      const used = workloads(objects).flatMap((workload) =>
        containersOf(workload).map(({ image }) => image),
      );
      const unknown = Object.entries(images)
        .filter(([, { repository, tag }]) =>
          used.some((image) => image?.split("@")[0]?.endsWith(`/${repository}:${tag}`)),
        )
        .map(([name]) => name as ImageName)
        .filter((name) => factsAbout(name) === undefined);
      assert.deepEqual(unknown, []);
    });
  });
}
