import * as pulumi from "@pulumi/pulumi";

/** Returns `<organization>/<project>/<stack>` of the running stack. */
export function ownName(): string {
  return [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
}

/**
 * Returns what the last successful update of a stack recorded; empty before the first. A StackReference makes
 * the same call, but as a resource it would keep a copy of the outputs in the state, and every refresh would
 * find this copy outdated.
 * @param name `<organization>/<project>/<stack>`.
 */
export async function outputsOf(name: string): Promise<Record<string, unknown>> {
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {
    name,
  })) as { outputs?: Record<string, unknown> };
  return outputs ?? {};
}

/**
 * Returns the same, and an empty map for a stack that the backend does not have.
 * @param name `<organization>/<project>/<stack>`.
 */
export async function outputsOrNone(name: string): Promise<Record<string, unknown>> {
  try {
    return await outputsOf(name);
  } catch (error) {
    if (error instanceof Error && error.message.includes(`unknown stack "${name}"`)) return {};
    throw error;
  }
}

/**
 * Returns the resources in a stack's state, with their outputs, including those of an update that failed.
 * @param name `<organization>/<project>/<stack>`.
 */
export async function resourceOutputsOf(
  name: string,
): Promise<{ urn: string; type: string; outputs?: Record<string, unknown> }[]> {
  const { outputs = {} } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
    stackName: name,
  })) as { outputs?: Record<string, { type: string; outputs?: Record<string, unknown> }> };
  return Object.entries(outputs).map(([urn, resource]) => ({ urn, ...resource }));
}
