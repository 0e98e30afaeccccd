import assert from "node:assert/strict";
import { at } from "../../../support/declare";
import { shop } from "../../../support/shop";

const labels = (app: string) => ({
  matchLabels: { "app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "apps" },
});
const pods = (app: string, namespace: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: labels(app),
});
const ports = [{ port: "http", protocol: "TCP" }];

describe("an app that calls others", () => {
  const calls = [
    { team: "content", app: "news", namespace: "content-dev" },
    { team: "commerce", app: "cart", namespace: "commerce-dev" },
  ];

  it("may reach them through one policy in its own namespace", async () => {
    const policy = (await shop({ calls })).object("NetworkPolicy", "shop.calls");
    assert.equal(policy.metadata.namespace, "commerce-dev");
    assert.deepEqual(at(policy, "spec"), {
      podSelector: labels("shop"),
      policyTypes: ["Egress"],
      egress: [
        { to: [pods("news", "content-dev")], ports },
        { to: [pods("cart", "commerce-dev")], ports },
      ],
    });
  });

  it("is admitted by each through a policy in the namespace of the called app", async () => {
    const policy = (await shop({ calls })).object("NetworkPolicy", "news.from.commerce.shop");
    assert.equal(policy.metadata.namespace, "content-dev");
    assert.deepEqual(at(policy, "spec"), {
      podSelector: labels("news"),
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods("shop", "commerce-dev")], ports }],
    });
  });

  it("has no policy of its own when it calls none", async () => {
    assert.deepEqual((await shop()).names("NetworkPolicy"), []);
  });
});
