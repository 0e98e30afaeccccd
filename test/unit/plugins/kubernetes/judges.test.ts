import assert from "node:assert/strict";
import { judges } from "../../../../local/plugins/resource-kubernetes/await/judges";
import type { KubernetesObject } from "../../../../local/plugins/resource-kubernetes/objects";
import { type Part, cases } from "./judge-cases";

/** Returns the state of an object with its message. */
function judged(kind: string, spec: Part, status: Part, generation = 2): string {
  const object: KubernetesObject = {
    apiVersion: "v1",
    kind,
    metadata: { name: "a", generation },
    spec,
    status,
  };
  const progress = judges[kind]?.(object);
  assert.ok(progress);
  return progress.state === "ready" ? "ready" : `${progress.state}: ${progress.message}`;
}

for (const [kind, list] of Object.entries(cases)) {
  describe(`a ${kind}`, () => {
    for (const [title, spec, status, verdict] of list) {
      it(`that is ${title} is ${verdict}`, () => assert.equal(judged(kind, spec, status), verdict));
    }
  });
}

it("a Secret of a token is ready once the token is there", () => {
  const type = "kubernetes.io/service-account-token";
  const of = (data?: object) =>
    judges.Secret?.({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, type, data });
  assert.deepEqual(of(), { state: "waiting", message: "it has no token yet" });
  assert.deepEqual(of({ token: "eA==" }), { state: "ready" });
});

it("there are cases for every judge", () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(judges).sort());
});
