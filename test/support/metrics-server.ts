import { Autoscaling } from "../../components/autoscaling";
import { metricsPath } from "../../local/cluster/metrics";
import { declare } from "./declare";
import type { TestStack } from "./project";

/** Returns the platform's objects through which an API server calls metrics-server; its process runs next to it. */
export async function metricsServerObjects(): Promise<object[]> {
  const { objects } = await declare((provider) => {
    new Autoscaling(
      "autoscaling",
      {
        context: { environment: "dev" },
        config: { metricsServer: { replicas: 1, kubeletInsecureTls: true } },
      },
      { provider },
    );
  });
  return objects.filter(({ kind }) => ["Namespace", "Service", "APIService"].includes(kind));
}

/** Sets the annotation on each simulated node with which metrics-server finds the resource usage of its pods. */
export async function annotateNodes(stack: TestStack): Promise<void> {
  const names = await stack.kubectl("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}");
  for (const node of names.split(" ")) {
    const [annotation] = Object.entries(metricsPath(node)).map((pair) => pair.join("="));
    await stack.kubectl("annotate", "node", node, annotation ?? "");
  }
}
