import assert from "node:assert/strict";
import { existingObjects, existingText } from "../../../../cli/preview/existing";
import { importFileOf } from "../../../../cli/preview/import-file";
import { titleOf } from "../../../../cli/preview/steps";
import type { StateResource } from "../../../../engine/state";
import { ReadServer } from "../../../support/reader";
import { previewOf, type Change } from "./support";

const kinds = [{ name: "deployments", kind: "Deployment", namespaced: true }];
const folder = "/apis/apps/v1/namespaces/ours/deployments";
const managedBy = (manager: string) => ({ metadata: { managedFields: [{ manager }] } });

/** Inputs of a Deployment. */
function declared(name: string, namespace = "ours", apiVersion = "apps/v1") {
  return { apiVersion, kind: "Deployment", metadata: { name, namespace } };
}

function creating(name: string, more: Change = {}): Change {
  return { op: "create", name, after: declared(name), ...more };
}

describe("the objects that an update creates", () => {
  let server: ReadServer;
  let answers: Record<string, unknown>;
  let refused: string[];
  beforeEach(async () => {
    refused = [];
    answers = {
      "/api/v1/namespaces/ours": { metadata: { name: "ours" } },
      "/apis/apps/v1": { resources: kinds },
      [`${folder}/made`]: managedBy("pulumi-kubernetes"),
      [`${folder}/theirs`]: managedBy("kubectl"),
    };
    server = new ReadServer((request, response) => {
      const body = answers[request.url ?? ""];
      response.statusCode = refused.includes(request.url ?? "") ? 403 : body ? 200 : 404;
      response.end(JSON.stringify(body ?? { message: "no" }));
    });
    await server.start();
  });
  afterEach(() => server.stop());

  async function lookUp(changes: Change[], known: StateResource[] = []) {
    const { steps } = previewOf(...changes);
    const found = await existingObjects(steps, known, server.reader);
    return { ...found, own: found.own.map(titleOf), foreign: found.foreign.map(titleOf) };
  }

  it("are distinguished by whether they exist and by who created them", async () => {
    const moved = { op: "replace", before: declared("made", "former"), after: declared("made") };
    const thing = declared("a", "ours", "example.com/v1");
    assert.deepEqual(
      await lookUp([
        creating("made"),
        creating("theirs"),
        creating("new"),
        creating("moved", moved),
        creating("thing", { after: thing, type: "kubernetes:example.com/v1:Deployment" }),
      ]),
      {
        own: ["Deployment ours/made", "Deployment ours/made"],
        foreign: ["Deployment ours/theirs"],
        warning: undefined,
      },
    );
  });

  it("are not looked up if nothing is created, or if the state has them", async () => {
    const known = [{ urn: "urn:a", type: "", custom: true, inputs: declared("made") }];
    const patch = creating("made", { type: "kubernetes:apps/v1:DeploymentPatch" });
    const update = creating("made", { op: "update", before: declared("made") });
    const component = creating("made", { component: true });
    const nothing = { own: [], foreign: [], warning: undefined };
    assert.deepEqual(await lookUp([creating("made")], known), nothing);
    assert.deepEqual(await lookUp([patch, update, component]), nothing);
    assert.deepEqual(server.asked, []);
  });

  it("cost a request for their namespace if that does not exist", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `a-${index}`);
    await lookUp(names.map((name) => creating(name, { after: declared(name, "none") })));
    assert.deepEqual(server.asked, ["/api/v1/namespaces/none"]);
  });

  it("may be hidden from the user, as a line says", async () => {
    refused = [`${folder}/made`, `${folder}/theirs`];
    const { own, warning } = await lookUp([creating("made"), creating("theirs")]);
    assert.deepEqual(own, []);
    assert.match(
      warning ?? "",
      /^2 object\(s\) that the update creates could not be looked up, .*: The API server at \S+ answered 403 to GET \S+: no reason given$/,
    );
  });

  it("stop the update if they exist, with what to do", () => {
    const { steps } = previewOf(...["a", "b", "c", "d", "e", "f"].map((name) => creating(name)));
    const [, first] = steps;
    assert.deepEqual(
      existingText("prod", { own: steps, foreign: first ? [first] : [], warning: undefined }, "f"),
      [
        '6 object(s) (Deployment ours/a, Deployment ours/b, Deployment ours/c, Deployment ours/d, Deployment ours/e and 1 more) that the update would create exist in the cluster, and the state of stack "prod" does not know them: the state is older than the cluster. The update would stop at the first one. ' +
          "If there is a newer version of the state, restore it. Otherwise add them to it with: pulumi import --file f --stack prod --yes --skip-preview --protect=false --generate-code=false (docs/interrupted-updates.md)",
        '1 object(s) (Deployment ours/b) that the update would create exist in the cluster, and the state of stack "prod" does not know them: something else created them. The update would stop at the first one. Delete them, or give the new ones other names.',
      ],
    );
  });

  it("are imported with the components and the provider that the state lacks", () => {
    const app = { type: "platform:app:App", name: "shop" };
    const release = { type: "platform:app:App$platform:app:Release", name: "shop-1" };
    const { steps } = previewOf(
      {
        op: "create",
        type: "platform:app:Release",
        name: "shop-1",
        parent: app,
        component: true,
        after: {},
      },
      creating("made", { parent: release }),
      creating("other", { parent: app }),
    );
    const urnOf = (type: string, name: string) => `urn:pulumi:prod::platform::${type}::${name}`;
    const known = [
      urnOf("platform:app:App", "shop"),
      urnOf("pulumi:providers:kubernetes", "cluster"),
    ].map((urn) => ({ urn, type: "", custom: false }));
    const found = steps.filter(({ name }) => name === "made");
    assert.deepEqual(importFileOf(found, steps, known), {
      nameTable: { r3: known[0]?.urn, r4: known[1]?.urn },
      resources: [
        {
          type: "platform:app:Release",
          name: "r2",
          logicalName: "shop-1",
          parent: "r3",
          component: true,
        },
        {
          type: "kubernetes:apps/v1:Deployment",
          name: "r1",
          logicalName: "made",
          parent: "r2",
          id: "ours/made",
          provider: "r4",
        },
      ],
    });
  });
});
