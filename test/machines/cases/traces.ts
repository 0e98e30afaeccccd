import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { recordedSpans } from "../support/recorder";
import type { Pod, RealStack } from "../support/stack";
import { until } from "../../support/until";
import { nodeNames, podsNamed } from "./several-nodes";

/** Code of a span's status that says that it failed. */
const failed = 2;

/** Traces on their way from an app's pod through the agent of its node and the sampling collector to Tempo's address. */
export function traces(real: () => RealStack): void {
  /** Sends a span of 10 ms from a pod, to the address that the app's environment has, and claims to be another pod. */
  const send = async ({ metadata }: Pod, name: string, code: number) => {
    const program = `
      const time = BigInt(Date.now()) * 1000000n;
      const id = (bytes) => require("crypto").randomBytes(bytes).toString("hex");
      const span = { traceId: id(16), spanId: id(8), name: "${name}", kind: 2, status: { code: ${code} },
        startTimeUnixNano: String(time - 10000000n), endTimeUnixNano: String(time) };
      const attributes = ["k8s.pod.name", "k8s.namespace.name"].map((key) => ({ key, value: { stringValue: "another" } }));
      const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] };
      fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
      }).then((answer) => process.exit(answer.ok ? 0 : 1));`;
    await real().exec(metadata.namespace, metadata.name, "node", "-e", program);
  };

  it("delivers spans from both nodes to Tempo with their pods, and only those that sampling keeps", async () => {
    const pods = await podsNamed(real(), "clerk-");
    assert.deepEqual(pods.map(({ spec }) => spec.nodeName).sort(), nodeNames);
    for (const pod of pods) {
      await send(pod, `fine in ${pod.metadata.name}`, 0);
      await send(pod, `failed in ${pod.metadata.name}`, failed);
    }
    await until("the spans that failed have arrived", 60, async () => {
      const names = (await recordedSpans(real())).map(({ name }) => name);
      return pods.every(({ metadata }) => names.includes(`failed in ${metadata.name}`));
    });
    // The others were sent before, and are decided on at the same time.
    await sleep(2000);
    const arrived = await recordedSpans(real());
    const expected = pods.map(({ metadata, spec }) => ({
      name: `failed in ${metadata.name}`,
      pod: metadata.name,
      namespace: metadata.namespace,
      node: spec.nodeName,
    }));
    const found = arrived.map(({ name, resource }) => ({
      name,
      pod: resource["k8s.pod.name"],
      namespace: resource["k8s.namespace.name"],
      node: resource["k8s.node.name"],
    }));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    assert.deepEqual(found.sort(byName), expected.sort(byName));
  });
}
