import type { TestStack } from "./project";

/** Runs a function while no node of a stack's cluster accepts new pods. */
export async function whileUnschedulable<Result>(
  stack: TestStack,
  work: () => Promise<Result>,
): Promise<Result> {
  const names = await stack.kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}");
  const nodes = names.split(" ");
  await stack.kubectl("cordon", ...nodes);
  try {
    return await work();
  } finally {
    await stack.kubectl("uncordon", ...nodes);
  }
}
