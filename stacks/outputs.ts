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
