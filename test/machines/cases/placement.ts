import assert from "node:assert/strict";
import { runWithInput } from "../../../local/machines/system";
import { binary } from "../../../local/toolchain/install";
import type { RealStack } from "../support/stack";

/** Where the local cluster's admission sends pods. */
export function placement(real: () => RealStack): void {
  it("sends a pod to a real node if its image is there, and next to another pod wherever that one is", async () => {
    const place = async (image: string, affinity: object = {}) => {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "placed", namespace: "default" },
        spec: { containers: [{ name: "main", image }], affinity },
      };
      const { kubeconfig } = real().cluster;
      const command = ["create", "--dry-run=server", "-o", "json", "-f", "-"];
      const args = ["--kubeconfig", kubeconfig, ...command];
      const made = await runWithInput(binary("kubectl"), args, JSON.stringify(pod));
      const { spec } = JSON.parse(made) as { spec: { nodeSelector?: Record<string, string> } };
      return spec.nodeSelector?.["platform/machine"];
    };
    const [present = ""] = Object.keys(real().machines.index.exact);
    assert.equal(await place(present), "real");
    assert.equal(await place("docker.io/library/absent:1"), "simulated");
    const beside = {
      labelSelector: { matchLabels: { app: "server" } },
      topologyKey: "kubernetes.io/hostname",
    };
    const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [beside] };
    assert.equal(await place(present, { podAffinity }), undefined);
  });
}
