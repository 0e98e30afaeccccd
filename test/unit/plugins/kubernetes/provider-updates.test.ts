import assert from "node:assert/strict";
import { fieldManager } from "../../../../local/plugins/resource-kubernetes/api";
import type { Provider } from "../../../../local/plugins/resource-kubernetes/provider";
import { type PropertyMap } from "../../../../local/plugins/shared/values";
import { ApiServer } from "./api-server";
import { urn, type, folder, path, inputs, object, operation } from "./provider";

describe("the provider", () => {
  let server: ApiServer;
  let provider: Provider;
  beforeEach(async () => {
    server = new ApiServer();
    provider = await server.provider();
  });
  afterEach(() => server.stop());

  describe("creates", () => {
    it("nothing if the object already exists", async () => {
      server.answers[`POST ${folder}`] = { status: 409, body: { reason: "AlreadyExists" } };
      server.answers[`GET ${path}`] = { body: object("pulumi-kubernetes-of-another") };
      await assert.rejects(
        provider.create(inputs(), operation()),
        /^Error: ConfigMap n\/a at .* already exists, .*recover the state/,
      );
    });

    for (const [why, refusal] of [
      ["its name is taken", { status: 409, body: { reason: "AlreadyExists" } }],
      ["its port is", { status: 422, body: { message: "provided port is already allocated" } }],
      ["the quota is", { status: 403, body: { message: "exceeded quota" } }],
    ] as const) {
      it(`again what an update made that did not come to its end, where ${why}`, async () => {
        server.answers[`POST ${folder}`] = refusal;
        server.answers[`GET ${path}`] = { body: object(fieldManager(urn)) };
        server.answers[`PATCH ${path}`] = { body: object(fieldManager(urn)) };
        assert.equal((await provider.create(inputs(), operation())).id, "n/a");
        assert.equal(server.asked.at(-1), `PATCH ${path}?fieldManager=${fieldManager(urn)}`);
      });
    }

    it("nothing that the server refuses for another reason", async () => {
      for (const answer of [
        { status: 404, body: {} },
        { status: 403, body: { message: "not yours" } },
      ]) {
        server.answers[`POST ${folder}`] = { status: 422, body: { message: "no such field" } };
        server.answers[`GET ${path}`] = answer;
        await assert.rejects(provider.create(inputs(), operation()), /invalid: no such field/);
      }
    });

    it("an object, whose fields its first update takes over", async () => {
      server.answers[`POST ${folder}`] = { body: object("pulumi-kubernetes") };
      server.answers[`GET ${path}`] = { body: object("pulumi-kubernetes") };
      server.answers[`PATCH ${path}`] = { body: object("pulumi-kubernetes") };
      assert.equal((await provider.create(inputs(), operation())).id, "n/a");
      await provider.update(inputs(), operation());
      assert.deepEqual(
        server.asked.map((request) => request.replace(/-\w{8}$/, "-own")).slice(-3),
        [`GET ${path}`, `PATCH ${path}`, `PATCH ${path}?fieldManager=pulumi-kubernetes-own`],
      );
    });
  });

  describe("resets", () => {
    it("fields that a person changed with kubectl, in updates only", async () => {
      server.answers[`GET ${path}`] = { body: object("kubectl-patch") };
      server.answers[`PATCH ${path}`] = { body: object("kubectl-patch") };
      await provider.update(inputs(), operation(true));
      const taken = () => server.asked.filter((request) => request === `PATCH ${path}`).length;
      assert.equal(taken(), 0, "a preview took fields over");
      await provider.update(inputs(), operation());
      assert.equal(taken(), 1, server.asked.join("\n"));
    });

    it("conflicting fields only if the program requests force", async () => {
      server.answers[`PATCH ${path}`] = { body: object("x") };
      await provider.update(inputs(), operation());
      assert.doesNotMatch(server.asked.at(-1) ?? "", /force/);
      await provider.update(
        inputs({}, { annotations: { "pulumi.com/patchForce": "true" } }),
        operation(),
      );
      assert.match(server.asked.at(-1) ?? "", /force=true/);
    });
  });

  describe("replaces a definition", () => {
    const definition: PropertyMap = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "a", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {},
    };
    const place = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a";

    for (const preview of [true, false]) {
      it(`as a whole, in ${preview ? "a preview" : "an update"}`, async () => {
        const metadata = { name: "a", resourceVersion: "7", labels: { of: "another" } };
        server.answers[`GET ${place}`] = { body: { ...definition, metadata } };
        server.answers[`PUT ${place}`] = { body: { ...definition, metadata } };
        await provider.update(definition, { ...operation(preview), type: "kubernetes:x/v1:Y" });
        const query = `fieldManager=${fieldManager(urn)}${preview ? "&dryRun=All" : ""}`;
        assert.ok(server.asked.includes(`PUT ${place}?${query}`), server.asked.join("\n"));
        const sent = server.bodies.at(-1) as { metadata: object };
        assert.deepEqual(sent.metadata, {
          ...(definition.metadata as object),
          resourceVersion: "7",
        });
      });
    }
  });

  describe("reads", () => {
    it("nothing if there is no object, or no definition", async () => {
      assert.equal(await provider.read("n/a", inputs(), type), undefined);
      const unknown = "kubernetes:example.com/v1:Thing";
      assert.equal(await provider.read("n/a", {}, unknown), undefined);
    });

    it("the current inputs; all of them for an import", async () => {
      server.answers[`GET ${path}`] = { body: object("x", { data: { b: "2", c: "3" } }) };
      const known = await provider.read("n/a", inputs({ data: { b: "1" } }), type);
      assert.deepEqual(known?.inputs.data, { b: "2" });
      const imported = await provider.read("n/a", {}, type);
      assert.deepEqual(imported?.inputs, inputs({ data: { b: "2", c: "3" } }));
    });
  });

  describe("deletes", () => {
    const remove = (metadata: PropertyMap = {}) =>
      provider.delete("n/a", inputs({}, metadata), { metadata: { uid: "1" } }, operation());

    it("an object that is already deleted without an error", async () => {
      await remove();
    });

    for (const [policy, sent] of [
      [undefined, "Foreground"],
      ["background", "Background"],
      ["Orphan", "Orphan"],
    ] as const) {
      it(`the object with this name, whichever it is, ${policy ?? "with its dependents"}`, async () => {
        const key = "pulumi.com/deletionPropagationPolicy";
        await remove(policy === undefined ? {} : { annotations: { [key]: policy } });
        assert.deepEqual(server.bodies.at(-1), { propagationPolicy: sent });
      });
    }

    it("nothing that it may not delete", async () => {
      server.answers[`DELETE ${path}`] = { status: 403, body: { message: "no" } };
      await assert.rejects(remove(), /ConfigMap n\/a at .*: not allowed: no\./);
    });
  });
});
