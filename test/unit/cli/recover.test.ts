import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertSameCluster, clusterOf, find } from "../../../cli/recover/cluster";
import { interruptedText, judgeOperations, textOf } from "../../../cli/recover/judge";
import { mendMetadata } from "../../../cli/recover/metadata";
import {
  withoutPendingOperations,
  type PendingOperation,
  type State,
  type StateResource,
} from "../../../engine/state";
import { ReadServer } from "../../support/reader";

const urnOf = (type: string, name: string) => `urn:pulumi:dev::platform::${type}::${name}`;
const root: StateResource = {
  urn: urnOf("pulumi:pulumi:Stack", "platform-dev"),
  type: "pulumi:pulumi:Stack",
  custom: false,
};
const provider: StateResource = {
  urn: urnOf("pulumi:providers:kubernetes", "cluster"),
  type: "pulumi:providers:kubernetes",
  custom: true,
  id: "new",
  inputs: { kubeconfig: "k", context: "c" },
};
function deployment(name: string, more: Partial<StateResource> = {}): StateResource {
  return {
    urn: urnOf("kubernetes:apps/v1:Deployment", name),
    type: "kubernetes:apps/v1:Deployment",
    custom: true,
    inputs: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace: "ours" } },
    provider: `${provider.urn}::old`,
    ...more,
  };
}

function stateOf(pending: PendingOperation[], ...resources: StateResource[]): State {
  return {
    version: 3,
    deployment: { resources: [root, provider, ...resources], pending_operations: pending },
  };
}

const creating = (resource: StateResource) => ({ type: "creating", resource });

describe("a state with interrupted operations", () => {
  it("takes in what was made, as an update would have recorded it", () => {
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

  it("takes in what was made in the place of something that was deleted for it", () => {
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

  it("may be of a stack that has nothing yet", () => {
    const empty: State = { version: 3, deployment: {} };
    assert.deepEqual(withoutPendingOperations(empty, []).deployment.resources, []);
    assert.equal(clusterOf(empty), undefined);
    assert.equal(interruptedText("dev", empty), undefined);
  });

  it("says which operations they are, in one line that ends", () => {
    const many = Array.from({ length: 40 }, (_, index) => creating(deployment(`app-${index}`)));
    assert.equal(
      interruptedText("dev", stateOf([...many, ...many])),
      'An update of stack "dev" was interrupted, or is still under way (creating Deployment app-0, creating Deployment app-1, ' +
        "creating Deployment app-2, creating Deployment app-3, creating Deployment app-4 and 35 more): its state is not what the " +
        "cluster has. When none is under way: npx platform recover dev.",
    );
  });

  it("is judged by what the cluster has", async () => {
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
      `Stack "dev" was interrupted while
  creating Deployment made: it is in the cluster, and is added to the state
  creating Deployment absent: it is not in the cluster
  creating Deployment foreign: the cluster has one that something else created; it is left as it is
  creating Deployment recorded: a later update has made it
  creating Deployment replaced: it is in the cluster, and is added to the state
  creating RandomPassword admin: it is made again when needed
  updating Deployment recorded: it is read again`,
    );
    assert.deepEqual(
      operations.flatMap(({ id }) => id ?? []),
      ["ours/made", "ours/replaced"],
    );
  });
});

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

  it("was made where Pulumi manages an object of its name", async () => {
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

  it("was not made where its kind is not served", async () => {
    const inputs = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" } };
    assert.deepEqual(await find(deployment("a", { inputs }), server.reader), { kind: "absent" });
  });

  it("is for a person to find where the state hides its name", async () => {
    for (const inputs of [undefined, {}, { apiVersion: "v1", kind: "Secret", metadata: {} }]) {
      await assert.rejects(find(deployment("a", { inputs }), server.reader), /does not say which/);
    }
  });

  it("is looked for in no cluster but the stack's own", async () => {
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

describe("the metadata beside a state in a folder", () => {
  let folder: string;
  let stacks: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mend-"));
    stacks = join(folder, ".pulumi", "stacks", "platform");
    mkdirSync(stacks, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("goes where it was cut off, and nothing else does", () => {
    const whole = ["dev.json", "dev.json.bak", "dev.json.bak.attrs", "prod.json.attrs"];
    for (const file of whole) writeFileSync(join(stacks, file), "{}");
    for (const file of ["dev.json.attrs", "dev.json.gz.attrs"]) {
      writeFileSync(join(stacks, file), "{");
    }
    writeFileSync(join(stacks, "test.json.attrs"), "");
    assert.deepEqual(mendMetadata("dev", `file://${folder}?no_tmp_dir=true`), [
      join(stacks, "dev.json.attrs"),
      join(stacks, "dev.json.gz.attrs"),
    ]);
    assert.deepEqual(readdirSync(stacks).sort(), [...whole, "test.json.attrs"].sort());
    assert.deepEqual(mendMetadata("dev", `file://${folder}`), []);
  });

  it("is nobody's concern elsewhere", () => {
    assert.deepEqual(mendMetadata("dev", "s3://bucket"), []);
    assert.deepEqual(mendMetadata("dev", `file://${folder}/none`), []);
  });
});
