import assert from "node:assert/strict";
import { named, reportWith, type Change } from "./support";

describe("a preview's report", () => {
  it("is the same whatever the order in which the engine handles resources", () => {
    const running = (name: string): Change => {
      const labels = { app: name };
      const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } };
      const object = { kind: "Deployment", ...named(name, "commerce"), spec };
      return { op: "same", name, before: object, after: object };
    };
    const policy = (ingress: unknown[]) => ({
      kind: "NetworkPolicy",
      ...named("all", "commerce"),
      spec: { podSelector: {}, policyTypes: ["Ingress"], ingress },
    });
    const closed: Change = {
      type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      name: "all",
      before: policy([{}]),
      after: policy([]),
    };
    const changes = [running("a"), running("b"), closed, running("c")];
    const [one, other] = [changes, [...changes].reverse()].map((all) => reportWith(...all));
    assert.match(one?.dangers[0]?.text ?? "", /commerce\/a`, .*commerce\/b`, .*commerce\/c`/);
    assert.deepEqual(one?.dangers, other?.dangers);
  });
});
