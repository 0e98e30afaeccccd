import assert from "node:assert/strict";
import { isOfficial, usualPlaces } from "../../../local/toolchain/plugins";
import type { TestStack } from "../../support/project";
import { failedWith, unwrapped } from "../../support/results";

/** Objects that the state loses: what an update made that was killed before it recorded them. */
const made = ["kubernetes:core/v1:Service::traefik", "HorizontalPodAutoscaler::shop-1-5-0"];
const isMade = ({ urn }: { urn: string }) => made.some((end) => urn.endsWith(end));

/** Declares the tests of a state without the apps' records, and without objects that an update has made. */
export function adoptsWhatRuns(current: () => TestStack): void {
  describe("if the state has lost the records, and objects that a killed update created", () => {
    let stack: TestStack;
    let losesObjects: boolean;
    before(async () => {
      stack = current();
      // The official plugin does not create existing objects, so `npx platform recover` runs first
      // (docs/interrupted-updates.md).
      losesObjects = !isOfficial("pulumi-resource-kubernetes", usualPlaces(stack.environment));
      await stack.editState((deployment) => {
        const root = deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
        assert.ok(root?.outputs?.["releases"]);
        delete root.outputs;
        // Each app's component has its record as well. A worker's is kept: nothing can move from an unknown place.
        for (const { type, urn, outputs } of deployment.resources) {
          if (type === "platform:app:App" && !urn.endsWith("::mailer")) delete outputs?.["record"];
        }
        if (!losesObjects) return;
        assert.equal(deployment.resources.filter(isMade).length, made.length);
        const known = (urn: string) => !isMade({ urn });
        deployment.resources = deployment.resources.filter(({ urn }) => known(urn));
        for (const resource of deployment.resources) {
          resource.dependencies = resource.dependencies?.filter(known);
          delete resource.propertyDependencies;
        }
      });
      // For this and the following tests.
      stack.edit((config) => {
        config["platform:releases"] = { forcedCanary: true, soak: "0s", checkRequired: false };
      });
    });

    it("accepts no other release as stable, and no move of an app with a canary", async () => {
      const config = stack.config();
      stack.editApp("news", (news) => Object.assign(news, { stable: { version: "2.0.2" } }));
      stack.editApp("mailer", (mailer) => Object.assign(mailer, { team: "content" }));
      failedWith(
        unwrapped(await stack.pulumi("up")),
        /news: .*2\.0\.2.*\(canary-before-stable\)\. requested: stable 2\.0\.2; live: stable 2\.0\.1 in the cluster, nothing recorded/,
        /mailer moves from namespace commerce-dev to content-dev while 1\.5\.0 is the canary \(move-alone\)/,
      );
      stack.write(config);
    });

    it("records again what the cluster runs, and adopts the objects", async () => {
      const output = await stack.must("up");
      assert.match(
        output,
        /news: the record is lost; 2\.0\.1, which the cluster runs as stable, is recorded again/,
      );
      assert.doesNotMatch(output, /Deployment \S+ (updated|created|replaced)/);
      if (losesObjects) assert.match(output, /2 created\s+\d+ unchanged/);
    });
  });
}
