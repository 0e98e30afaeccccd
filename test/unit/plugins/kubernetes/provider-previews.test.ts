import assert from "node:assert/strict";
import { fieldManager } from "../../../../local/plugins/resource-kubernetes/api";
import type { Provider } from "../../../../local/plugins/resource-kubernetes/provider";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";
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

  describe("adds a namespace to", () => {
    const placed = async (metadata: PropertyMap[string], kind = "ConfigMap") =>
      (await provider.withNamespace({ apiVersion: "v1", kind, metadata }, type)).metadata;

    it("objects of namespaced kinds, if the program does not", async () => {
      assert.deepEqual(await placed({ name: "a" }), { name: "a", namespace: "ours" });
      assert.deepEqual(await placed({ name: "a", namespace: null }), {
        name: "a",
        namespace: "ours",
      });
      assert.deepEqual(
        await placed(new Secret({ name: "a" })),
        new Secret({ name: "a", namespace: "ours" }),
      );
      provider = await server.provider("configured");
      assert.deepEqual(await placed({ name: "a" }), { name: "a", namespace: "configured" });
    });

    it("no others", async () => {
      for (const metadata of [{ name: "a", namespace: "n" }, { namespace: UNKNOWN }, UNKNOWN]) {
        assert.deepEqual(await placed(metadata as PropertyMap), metadata);
      }
      assert.deepEqual(await placed({ name: "a" }, "Namespace"), { name: "a" });
      assert.deepEqual(await placed({ name: "a" }, "NotYetDefined"), { name: "a" });
    });
  });

  describe("previews", () => {
    it("a new object as the server would create it, without an id", async () => {
      server.answers[`POST ${folder}`] = { body: object("x", { data: { b: "c", d: "e" } }) };
      const { id, outputs } = await provider.create(inputs({ data: { b: "c" } }), operation(true));
      assert.equal(id, "");
      assert.deepEqual(outputs.data, { b: "c", d: "e" });
      assert.equal(
        server.asked.at(-1),
        `POST ${folder}?fieldManager=${fieldManager(urn)}&dryRun=All`,
      );
    });

    it("unknown inputs without a dry run", async () => {
      await provider.create(inputs({ data: { a: UNKNOWN } }), operation(true));
      assert.deepEqual(server.asked, []);
    });

    it("objects whose namespace or definition is created in the same update", async () => {
      const { outputs } = await provider.create(inputs({ data: { b: "c" } }), operation(true));
      assert.deepEqual(outputs.data, { b: "c" });
      const other = { ...inputs(), kind: "NotYetDefined" };
      assert.equal((await provider.create(other, operation(true))).id, "");
    });

    for (const [what, answer] of [
      ["has the name of what goes", { status: 409, body: { reason: "AlreadyExists" } }],
      ["may only be looked at", { status: 403, body: { message: "no" } }],
    ] as const) {
      it(`what ${what} as the program says`, async () => {
        server.answers[`POST ${folder}`] = answer;
        const made = await provider.create(inputs({ data: { b: "c" } }), operation(true));
        assert.deepEqual(made.outputs.data, { b: "c" });
      });
    }

    const allocated = { status: 422, body: { message: "provided port is already allocated" } };

    it("a Service that already has the requested port itself", async () => {
      server.answers[`POST ${folder}`] = allocated;
      server.answers[`GET ${path}`] = { body: object("pulumi-kubernetes") };
      const made = await provider.create(inputs({ data: { b: "c" } }), operation(true));
      assert.deepEqual(made.outputs.data, { b: "c" });
    });

    it("not a Service that requests the port of another one", async () => {
      server.answers[`POST ${folder}`] = allocated;
      await assert.rejects(provider.create(inputs(), operation(true)), /port is already allocated/);
    });

    it("not an invalid object", async () => {
      server.answers[`POST ${folder}`] = { status: 422, body: { message: "no such field" } };
      await assert.rejects(provider.create(inputs(), operation(true)), /invalid: no such field/);
    });

    for (const [manager, forced] of [
      ["pulumi-kubernetes", true],
      ["kubectl-patch", false],
    ] as const) {
      it(`a change of what ${manager} owns ${forced ? "as its own" : "as a conflict, if it is one"}`, async () => {
        server.answers[`GET ${path}`] = { body: object(manager) };
        server.answers[`PATCH ${path}`] = { body: object(manager) };
        await provider.update(inputs(), operation(true));
        assert.equal(/force=true/.test(server.asked.at(-1) ?? ""), forced, server.asked.at(-1));
      });
    }
  });
});
