import assert from "node:assert/strict";
import { waitUntilScaled, unscaledDeployments, type Scaled } from "../../support/scaled";

const metadata = { name: "shop-1-4-2", namespace: "shops", generation: 2 };

function deployment(replicas: number, available: number, observed = 2): Scaled {
  const status = { observedGeneration: observed, replicas, availableReplicas: available };
  return { kind: "Deployment", metadata, spec: { replicas }, status };
}

const autoscaler: Scaled = {
  kind: "HorizontalPodAutoscaler",
  metadata,
  spec: { minReplicas: 2, scaleTargetRef: { name: metadata.name } },
};

describe("the pods that releases ask for", () => {
  it("have them without an autoscaler, and without pods", () => {
    assert.deepEqual(unscaledDeployments([deployment(1, 1), deployment(0, 0)]), []);
    assert.deepEqual(unscaledDeployments([autoscaler, deployment(0, 0)]), []);
    assert.deepEqual(unscaledDeployments([autoscaler, deployment(3, 3)]), []);
  });

  it("do not have them before their autoscaler has raised them, while pods start, or before the controller acts", () => {
    assert.deepEqual(unscaledDeployments([autoscaler, deployment(1, 1)]), [
      "shops/shop-1-4-2: 1 of 2 pods",
    ]);
    assert.deepEqual(unscaledDeployments([deployment(2, 1)]), ["shops/shop-1-4-2: 1 of 2 pods"]);
    assert.deepEqual(unscaledDeployments([deployment(2, 2, 1)]), ["shops/shop-1-4-2: 2 of 2 pods"]);
    const scaledDown = { ...deployment(4, 4), spec: { replicas: 0 } };
    assert.deepEqual(unscaledDeployments([scaledDown]), ["shops/shop-1-4-2: 4 of 0 pods"]);
  });

  it("are waited for", async () => {
    const looks = [
      [autoscaler, deployment(1, 1)],
      [autoscaler, deployment(2, 2)],
    ];
    await waitUntilScaled((...args) => {
      assert.deepEqual(args.slice(0, 2), ["get", "hpa,deploy"]);
      return Promise.resolve(JSON.stringify({ items: looks.shift() }));
    });
    assert.equal(looks.length, 0);
  });
});
