import assert from "node:assert/strict";
import { filebeatConfig } from "../../../../components/logging/filebeat-config";

interface Config {
  "filebeat.inputs": { processors?: unknown }[];
  processors: Record<string, unknown>[];
}

describe("Filebeat's settings", () => {
  const config = filebeatConfig({
    environment: "online",
    kafka: { servers: ["kafka:9092"], topic: "logs" },
  }) as Config;

  it("watch the pods of a node once, not once for each file", () => {
    assert.ok(config["filebeat.inputs"].every(({ processors }) => processors === undefined));
    const [first = {}] = config.processors;
    assert.deepEqual(Object.keys(first), ["add_kubernetes_metadata"]);
    assert.equal(JSON.stringify(config).split("add_kubernetes_metadata").length, 2);
  });

  it("ask for the pod of container output only", () => {
    const [{ add_kubernetes_metadata: metadata } = {}] = config.processors;
    assert.deepEqual((metadata as { when: unknown }).when, { equals: { ltype: "containers" } });
  });
});
