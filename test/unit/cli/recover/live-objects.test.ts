import assert from "node:assert/strict";
import { assertSameCluster, clusterOf, find } from "../../../../cli/recover/cluster";
import { ReadServer } from "../../../support/reader";
import { urnOf, deployment, stateOf } from "./states";

describe("an object that was being created", () => {
  let server: ReadServer;
  const kinds = [
    { name: "deployments/status", kind: "Deployment", namespaced: true },
    { name: "deployments", kind: "Deployment", namespaced: true },
  ];
  const answers: Record<string, unknown> = {
    "/apis/apps/v1": { resources: kinds },
    "/api/v1": { resources: [{ name: "namespaces", kind: "Namespace", namespaced: false }] },
    "/apis/apps/v1/namespaces/ours/deployments/made": managedBy("pulumi-kubernetes-12ab"),
    "/apis/apps/v1/namespaces/ours/deployments/official": managedBy("pulumi-kubernetes"),
    "/apis/apps/v1/namespaces/ours/deployments/theirs": managedBy("kubectl"),
    "/api/v1/namespaces/ours": managedBy("pulumi-kubernetes"),
    "/api/v1/namespaces/kube-system": { metadata: { uid: "1" } },
  };
  beforeEach(async () => {
    server = new ReadServer((request, response) => {
      const body = answers[request.url ?? ""];
      response.statusCode = body === undefined ? 404 : 200;
      response.end(JSON.stringify(body ?? { message: "not found" }));
    });
    await server.start();
  });
  afterEach(() => server.stop());

  function managedBy(manager: string): object {
    return { metadata: { managedFields: [{ manager: "kube-controller-manager" }, { manager }] } };
  }

  it("was created if Pulumi manages an object of its name", async () => {
    const found = (name: string) => find(deployment(name), server.reader);
    assert.deepEqual(await found("made"), { kind: "made", id: "ours/made" });
    assert.deepEqual(await found("official"), { kind: "made", id: "ours/official" });
    assert.deepEqual(await found("theirs"), { kind: "foreign" });
    assert.deepEqual(await found("absent"), { kind: "absent" });
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ours" } };
    assert.deepEqual(await find(deployment("", { inputs: namespace }), server.reader), {
      kind: "made",
      id: "ours",
    });
  });

  it("was not created if its kind is not served", async () => {
    const inputs = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" } };
    assert.deepEqual(await find(deployment("a", { inputs }), server.reader), { kind: "absent" });
  });

  it("must be found by a person if the state hides its name", async () => {
    for (const inputs of [undefined, {}, { apiVersion: "v1", kind: "Secret", metadata: {} }]) {
      await assert.rejects(find(deployment("a", { inputs }), server.reader), /does not say which/);
    }
  });

  it("is looked for only in the stack's own cluster", async () => {
    const namespace = (name: string, uid: string) =>
      deployment(name, {
        urn: urnOf("kubernetes:core/v1:Namespace", name),
        type: "kubernetes:core/v1:Namespace",
        inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
        outputs: { metadata: { uid } },
      });
    await assertSameCluster(stateOf([]), server.reader);
    await assertSameCluster(
      stateOf([], namespace("gone", "0"), namespace("kube-system", "1")),
      server.reader,
    );
    const other = [namespace("gone", "0"), namespace("kube-system", "2")];
    await assert.rejects(
      assertSameCluster(stateOf([], ...other), server.reader),
      /^Error: Wrong cluster: it has none of gone, kube-system that the stack's last update made\. Nothing was changed/,
    );
    assert.deepEqual(clusterOf(stateOf([])), { kubeconfig: "k", context: "c" });
  });
});
