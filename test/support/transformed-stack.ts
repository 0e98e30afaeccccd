import assert from "node:assert/strict";
import type { TestStack } from "./project";

const traefik = "Deployment gateway/traefik";
const memory = "spec.template.spec.containers[traefik].resources.limits.memory";

/** What a preview of the stack says about {@link applyTransform}. */
export const shownTransform = `- transform of \`${traefik}\`, \`${memory}\`: \`more routes\``;

/**
 * Makes the first update of a stack with a transform, after one with a transform that fits no object, which must change
 * nothing.
 */
export async function applyTransform(stack: TestStack): Promise<void> {
  const transform = (object: string, path: string) =>
    stack.edit((config) => {
      config["platform:transforms"] = {
        [object]: { set: { [path]: "900Mi" }, reason: "more routes" },
      };
    });
  transform("Deployment gateway/traefick", memory);
  const refused =
    /platform:transforms\["Deployment gateway\/traefick"\]: expected an object that a part of this stack declares, got none of this name; did you mean "Deployment gateway\/traefik"\?/;
  const output = await stack.mustFail(refused, "up");
  assert.doesNotMatch(output, /promises were still active|Namespace gateway/);
  const namespaces = await stack.kubectl("get", "namespaces", "-o", "name");
  assert.doesNotMatch(namespaces, /gateway|commerce/);
  transform(traefik, memory);
  await stack.must("up");
  const path = "jsonpath={.spec.template.spec.containers[0].resources.limits.memory}";
  const live = await stack.kubectl("get", "deployment", "traefik", "-n", "gateway", "-o", path);
  assert.equal(live, "900Mi");
}
