import * as pulumi from "@pulumi/pulumi";

/** `<organization>/<project>/<stack>` of the stack that runs. */
export function ownName(): string {
  return [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
}

/**
 * What the last successful update of a stack recorded; empty before the first. This is what a
 * StackReference asks for as well. As a resource, it would keep a copy of the outputs in the state,
 * and every refresh would find that copy out of date.
 * @param name `<organization>/<project>/<stack>`.
 */
export async function outputsOf(name: string): Promise<Record<string, unknown>> {
  const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {
    name,
  })) as { outputs?: Record<string, unknown> };
  return outputs ?? {};
}

/**
 * The resources of a stack as its state holds them, with their outputs; of an update that failed, too.
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
