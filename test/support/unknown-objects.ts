import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { TestStack } from "./project";

/** Declares the test of a preview against a state that lacks objects of the cluster, and of their import. */
export function describeUnknownObjects(
  current: () => TestStack,
  previewed: (code: number) => Promise<string>,
): void {
  it("names existing objects that are not in the state, and imports them", async () => {
    const stack = current();
    const file = join(".local", "import", `${stack.name}.json`);
    const whole = await stack.state();
    // A release, with the component that contains its objects.
    const isLost = ({ urn }: { urn: string }) => /platform:app:Release(\$|::)/.test(urn);
    assert.ok(whole.deployment.resources.some(isLost));
    await stack.editState((deployment) => {
      deployment.resources = deployment.resources.filter((resource) => !isLost(resource));
      const known = (urn: string) => !isLost({ urn });
      for (const resource of deployment.resources) {
        resource.dependencies = resource.dependencies?.filter(known);
        delete resource.propertyDependencies;
      }
    });
    const comment = await previewed(1);
    assert.match(
      comment,
      /\d+ object\(s\) \(.*Deployment .*shop-1-4-2.*the state is older than the/s,
    );
    assert.doesNotMatch(comment, /plan-hash/);
    const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    await stack.must("import", "--file", file, ...options);
    rmSync(file);
    // The plugin reads the defaults of the API server as if they had been asked for.
    assert.match(await previewed(3), /0 to create, 3 to update, 0 to delete/);
    const generations = () =>
      stack.kubectl(
        ...["get", "deployments", "-A", "-o"],
        "jsonpath={range .items[*]}{.metadata.uid} {.metadata.generation} {end}",
      );
    const former = await generations();
    await stack.must("up");
    assert.equal(await generations(), former);
    assert.match(await previewed(0), /0 to create, 0 to update, 0 to delete|[Nn]othing/);
    const urnsIn = ({ deployment }: typeof whole) => deployment.resources.map(({ urn }) => urn);
    assert.deepEqual(urnsIn(await stack.state()).sort(), urnsIn(whole).sort());
  });
}
