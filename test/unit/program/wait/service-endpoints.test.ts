import assert from "node:assert/strict";
import {
  changedByHand,
  endpointProblems,
  selectionProblems,
  type LivePod,
  type LiveSlice,
} from "../../../../program/wait/service-endpoints";

const pod = (name: string, ready = true, deletionTimestamp?: string): LivePod => ({
  metadata: { name, deletionTimestamp },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});
const slice = (...endpoints: [name: string, ready?: boolean][]): LiveSlice => ({
  endpoints: endpoints.map(([name, ready]) => ({ targetRef: { name }, conditions: { ready } })),
});

const problems = (pods: LivePod[], slices: LiveSlice[]) => endpointProblems({ pods, slices });

describe("a Service that is to select a release", () => {
  const none = ["none of its pods is ready"];

  it("may be switched when one of its pods is ready", () => {
    const pods = [pod("a", false), pod("b")];
    assert.deepEqual(selectionProblems({ pods, slices: [slice(["old", true])] }), []);
  });

  it("may not be switched while its endpoints answer requests and the release's do not", () => {
    for (const pods of [[], [pod("a", false)], [pod("a", true, "2026-11-21T12:00:00Z")]]) {
      assert.deepEqual(selectionProblems({ pods, slices: [slice(["old", true])] }), none);
    }
  });

  it("may be switched when it has no endpoints", () => {
    for (const slices of [[], [slice(["old", false])]]) {
      assert.deepEqual(selectionProblems({ pods: [pod("a", false)], slices }), []);
    }
  });
});

describe("a Service that selects a release", () => {
  it("sends requests to it once an endpoint is one of its ready pods", () => {
    assert.deepEqual(problems([pod("a"), pod("b")], [slice(), slice(["b", true])]), []);
    assert.deepEqual(problems([pod("a")], [slice(["a"])]), [], "no word of it is ready");
  });

  it("sends requests to it while some of its pods are not ready", () => {
    const slices = [slice(["a", true], ["b", false])];
    assert.deepEqual(problems([pod("a"), pod("b", false)], slices), []);
  });

  it("does not yet route to it if the cluster has not seen the pods", () => {
    const missing = ["it does not route to a yet"];
    assert.deepEqual(problems([pod("a")], []), missing);
    assert.deepEqual(problems([pod("a")], [{ endpoints: null }]), missing);
    assert.deepEqual(problems([pod("a")], [slice(["a", false])]), missing);
  });

  it("does not count as ready if it still routes to another release's pods", () => {
    assert.deepEqual(problems([pod("a")], [slice(["a", true], ["old", true])]), [
      "it still routes to old",
    ]);
    assert.deepEqual(problems([pod("a")], [slice(["a", true], ["old", false])]), []);
  });

  it("is not waited for if no pod is ready, or none should run", () => {
    for (const pods of [[], [pod("a", false)], [pod("a", true, "2026-11-21T12:00:00Z")]]) {
      assert.deepEqual(problems(pods, []), []);
    }
  });
});

describe("a Service whose selector somebody changed", () => {
  const asked = { app: "shop-1-4-2" };

  it("is distinguished from one that the cluster is about to see", () => {
    assert.equal(changedByHand({ app: "shop-1-4-2" }, asked), undefined);
  });

  it("is named with the live and the expected value", () => {
    assert.equal(
      changedByHand({ app: "nope", tier: "web" }, asked),
      'spec.selector["app"] is nope, expected shop-1-4-2; spec.selector["tier"] is web, expected nothing',
    );
    assert.equal(changedByHand(undefined, asked), "it is not in the cluster");
  });
});
