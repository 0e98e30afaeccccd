import assert from "node:assert/strict";
import {
  changedByHand,
  notAccepted,
  type LiveRoute,
} from "../../../../program/wait/route-acceptance";

const parent = { name: "dev", namespace: "gateway" };

function route(
  conditions: { type: string; status: string; observedGeneration: number; reason?: string }[],
  reported = parent,
): LiveRoute {
  return {
    metadata: { generation: 4 },
    spec: { parentRefs: [parent] },
    status: { parents: [{ parentRef: reported, conditions }] },
  };
}

const accepted = { type: "Accepted", status: "True", observedGeneration: 4 };
const resolved = { type: "ResolvedRefs", status: "True", observedGeneration: 4 };

describe("a route's acceptance", () => {
  it("is complete with both conditions true of the latest generation", () => {
    assert.deepEqual(notAccepted(route([accepted, resolved])), []);
  });

  it("is missing while a condition refers to an older generation", () => {
    assert.deepEqual(notAccepted(route([{ ...accepted, observedGeneration: 3 }, resolved])), [
      "gateway gateway/dev: Accepted is reported for generation 3, but the route has generation 4",
    ]);
  });

  it("is missing while a condition is false, with the gateway's own reason", () => {
    const refused = { ...resolved, status: "False", reason: "BackendNotFound" };
    assert.deepEqual(notAccepted(route([accepted, refused])), [
      "gateway gateway/dev: ResolvedRefs is False (BackendNotFound)",
    ]);
  });

  it("is missing if another parent reports, or none", () => {
    const all = [
      "gateway gateway/dev: Accepted is not reported",
      "gateway gateway/dev: ResolvedRefs is not reported",
    ];
    const other = { name: "dev", namespace: "elsewhere" };
    assert.deepEqual(notAccepted(route([accepted, resolved], other)), all);
    assert.deepEqual(notAccepted({ ...route([]), status: undefined }), all);
  });

  it("is missing for a route without a parent", () => {
    assert.deepEqual(notAccepted({ metadata: {}, spec: {} }), ["it has no parent"]);
  });
});

describe("a route that changes before Services", () => {
  it("must have the declared weight, which an update does not set again after a change by hand", () => {
    const backendRefs = [
      { name: "shop-stable", weight: 35 },
      { name: "shop-canary", weight: 65 },
    ];
    const spec = { rules: [{ backendRefs: [] }, { backendRefs }] };
    const changed = { metadata: {}, spec };
    assert.equal(changedByHand("commerce/shop", changed, 65), undefined);
    assert.equal(
      changedByHand("commerce/shop", changed, 0),
      "HTTPRoute commerce/shop was changed by hand since the last update: it gives 65% to shop-canary, expected 0%. Run the preview, which reads the cluster, and apply its plan: that sets the route again.",
    );
  });
});
