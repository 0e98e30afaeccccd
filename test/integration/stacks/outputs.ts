import type { TestStack } from "../../support/project";
import type { StateResource } from "../../support/stack-state";

/** Writes outputs into a stack's state, as an update of the stack does. */
export async function setOutputs(stack: TestStack, outputs: object): Promise<void> {
  await stack.editState((deployment) => {
    const resources = deployment.resources ?? [];
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    if (root !== undefined) Object.assign(root, { outputs });
    else deployment.resources = [rootOf(stack.name, outputs)];
  });
}

/** The root resource of a stack's state, with its outputs. */
function rootOf(stack: string, outputs: object): StateResource {
  const urn = `urn:pulumi:${stack}::platform::pulumi:pulumi:Stack::platform-${stack}`;
  return { urn, custom: false, type: "pulumi:pulumi:Stack", outputs } as StateResource;
}
