import assert from "node:assert/strict";
import { clusterOf, type Found } from "../../../../cli/recover/cluster";
import { interruptedText, judgeOperations, textOf } from "../../../../cli/recover/judge";
import {
  keptReplacements,
  withoutPendingOperations,
  type State,
  type StateResource,
} from "../../../../engine/state";
import { urnOf, root, provider, deployment, stateOf } from "./states";

/** Returns the IDs of a state's objects, and whether the next update deletes them. */
const marked = ({ deployment: { resources = [] } }: State) =>
  resources.slice(2).map((resource) => [resource.id, resource.delete === true]);

const creating = (resource: StateResource) => ({ type: "creating", resource });

describe("a state with interrupted operations", () => {
  it("adopts a created object, as an update would have recorded it", () => {
    const kept = deployment("kept");
    const made = deployment("made", {
      parent: urnOf("platform:app:App", "gone"),
      dependencies: [kept.urn, "urn:gone"],
      propertyDependencies: { spec: [kept.urn, "urn:gone"], kind: null },
    });
    const { deployment: result } = withoutPendingOperations(stateOf([creating(made)], kept), [
      { resource: made, id: "ours/made" },
    ]);
    assert.deepEqual(result.pending_operations, []);
    assert.deepEqual(result.resources, [
      root,
      provider,
      kept,
      {
        ...made,
        id: "ours/made",
        outputs: {},
        parent: root.urn,
        provider: `${provider.urn}::new`,
        dependencies: [kept.urn],
        propertyDependencies: { spec: [kept.urn], kind: [] },
      },
    ]);
  });

  it("adopts an object that was created after a deletion for its replacement", () => {
    const former = deployment("a", { id: "ours/a", pendingReplacement: true });
    const state = stateOf([creating(deployment("a"))], former);
    const { resources } = withoutPendingOperations(state, [
      { resource: deployment("a"), id: "ours/a" },
    ]).deployment;
    assert.deepEqual(
      resources?.slice(2).map(({ id, pendingReplacement }) => [id, pendingReplacement]),
      [["ours/a", undefined]],
    );
    assert.deepEqual(
      withoutPendingOperations(state, []).deployment.resources,
      state.deployment.resources,
    );
  });

  it("adopts an object that replaces a recorded one, which the next update deletes", async () => {
    const service = (namespace: string, more: Partial<StateResource> = {}) =>
      deployment("a", {
        inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "a", namespace } },
        ...more,
      });
    const former = service("former", { id: "former/a" });
    const dependent = deployment("b", { id: "ours/b", dependencies: [former.urn] });
    const state = stateOf(
      // The engine lists what the latest update was creating first.
      [creating(service("third")), creating(service("second")), creating(service("third"))],
      former,
      dependent,
    );
    const made = (namespace: string): Promise<Found> =>
      Promise.resolve({ kind: "made", id: `${namespace}/a` });
    const operations = await judgeOperations(state, ({ inputs }) =>
      made((inputs?.["metadata"] as { namespace: string }).namespace),
    );
    const adopted = operations.map(({ operation: { resource }, id = "" }) => ({ resource, id }));
    assert.deepEqual(
      operations.map(({ id, text }) => [id, text]),
      ["third/a", "second/a"].map((id) => [id, "it is in the cluster, and is added to the state"]),
    );
    const recovered = withoutPendingOperations(state, adopted);
    assert.deepEqual(marked(recovered), [
      ["former/a", true],
      ["ours/b", false],
      ["third/a", false],
      ["second/a", true],
    ]);
    const { resources = [] } = recovered.deployment;
    const again = await judgeOperations(
      stateOf([creating(service("third"))], ...resources.slice(2)),
      () => made("third"),
    );
    assert.deepEqual(
      again.map(({ text }) => text),
      ["a later update has created it"],
    );
  });

  it("adopts an object that was marked for deletion and created again", () => {
    const former = deployment("a", { id: "ours/a", delete: true });
    const state = stateOf([creating(deployment("a"))], former);
    const adopted = [{ resource: deployment("a"), id: "ours/a" }];
    assert.deepEqual(marked(withoutPendingOperations(state, adopted)), [["ours/a", false]]);
  });

  it("lists dependents after the resources that they depend on", () => {
    const former = deployment("a", { id: "ours/a", pendingReplacement: true });
    const dependent = deployment("b", {
      id: "ours/b",
      propertyDependencies: { spec: [former.urn] },
    });
    const state = stateOf([creating(deployment("a"))], former, dependent);
    const adopted = [{ resource: deployment("a"), id: "ours/a" }];
    assert.deepEqual(marked(withoutPendingOperations(state, adopted)), [
      ["ours/a", false],
      ["ours/b", false],
    ]);
  });

  it("reverts the recorded deletion of an object that stays when it is replaced", () => {
    const claim = deployment("a", { id: "ours/a", pendingReplacement: true, retainOnDelete: true });
    const state = stateOf([], claim);
    assert.deepEqual(keptReplacements(state), [claim]);
    const recovered = withoutPendingOperations(state, []);
    assert.equal(recovered.deployment.resources?.at(-1)?.pendingReplacement, false);
    assert.deepEqual(keptReplacements(recovered), []);
    assert.match(textOf("dev", [], [claim]), /replacing Deployment a: it stays in the cluster/);
    for (const other of [{ pendingReplacement: true }, { retainOnDelete: true }])
      assert.deepEqual(keptReplacements(stateOf([], deployment("a", other))), []);
  });

  it("may belong to an empty stack", () => {
    const empty: State = { version: 3, deployment: {} };
    assert.deepEqual(withoutPendingOperations(empty, []).deployment.resources, []);
    assert.equal(clusterOf(empty), undefined);
    assert.equal(interruptedText("dev", empty), undefined);
  });

  it("says which operations they are, in one line that ends", () => {
    const many = Array.from({ length: 40 }, (_, index) => creating(deployment(`app-${index}`)));
    assert.equal(
      interruptedText("dev", stateOf([...many, ...many])),
      'An update of stack "dev" was interrupted, or is still running (creating Deployment app-0, creating Deployment app-1, ' +
        "creating Deployment app-2, creating Deployment app-3, creating Deployment app-4 and 35 more): its state may differ from " +
        "the cluster. If no update is running: npx platform recover dev.",
    );
  });

  it("is resolved by the objects in the cluster", async () => {
    const password: StateResource = {
      urn: urnOf("random:index/randomPassword:RandomPassword", "admin"),
      type: "random:index/randomPassword:RandomPassword",
      custom: true,
    };
    const recorded = deployment("recorded", { id: "ours/recorded" });
    const replaced = deployment("replaced", { id: "ours/x", delete: true });
    const names = ["made", "absent", "foreign", "recorded", "replaced"];
    const state = stateOf(
      [
        ...names.map((name) => creating(deployment(name))),
        creating(password),
        { type: "updating", resource: recorded },
      ],
      recorded,
      replaced,
    );
    const operations = await judgeOperations(state, ({ urn }) => {
      const name = urn.split("::").at(-1) ?? "";
      if (name === "absent" || name === "foreign") return Promise.resolve({ kind: name });
      return Promise.resolve({ kind: "made", id: `ours/${name}` });
    });
    assert.equal(
      textOf("dev", operations),
      `An update of stack "dev" was interrupted while
  creating Deployment made: it is in the cluster, and is added to the state
  creating Deployment absent: it is not in the cluster
  creating Deployment foreign: the cluster has one that something else created; it is left as it is
  creating Deployment recorded: a later update has created it
  creating Deployment replaced: it is in the cluster, and is added to the state
  creating RandomPassword admin: it is created again when needed
  updating Deployment recorded: it is read again`,
    );
    assert.deepEqual(
      operations.flatMap(({ id }) => id ?? []),
      ["ours/made", "ours/replaced"],
    );
  });
});
