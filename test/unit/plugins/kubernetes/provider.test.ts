import assert from "node:assert/strict";
import { fieldManager } from "../../../../local/plugins/resource-kubernetes/api";
import { autonamed } from "../../../../local/plugins/resource-kubernetes/naming";
import type { Provider } from "../../../../local/plugins/resource-kubernetes/provider";
import { Secret, UNKNOWN, type PropertyMap } from "../../../../local/plugins/shared/values";
import { ApiServer } from "./api-server";

const urn = "urn:pulumi:dev::platform::kubernetes:core/v1:ConfigMap::a";
const type = "kubernetes:core/v1:ConfigMap";
const path = "/api/v1/namespaces/n/configmaps/a";

const inputs = (more: PropertyMap = {}, metadata: PropertyMap = {}): PropertyMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n", ...metadata },
  ...more,
});
const object = (manager: string, more: object = {}) => ({
  ...inputs(),
  metadata: { name: "a", namespace: "n", uid: "1", managedFields: [{ manager }] },
  ...more,
});
const operation = (preview = false) => ({ urn, type, preview, timeout: 1, progress: () => {} });

describe("the provider", () => {
  let server: ApiServer;
  let provider: Provider;
  beforeEach(async () => {
    server = new ApiServer();
    provider = await server.provider();
  });
  afterEach(() => server.stop());

  describe("places", () => {
    const placed = async (metadata: PropertyMap[string], kind = "ConfigMap") =>
      (await provider.placed({ apiVersion: "v1", kind, metadata }, type)).metadata;

    it("objects of namespaced kinds, where the program does not", async () => {
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

    it("no other", async () => {
      for (const metadata of [{ name: "a", namespace: "n" }, { namespace: UNKNOWN }, UNKNOWN]) {
        assert.deepEqual(await placed(metadata as PropertyMap), metadata);
      }
      assert.deepEqual(await placed({ name: "a" }, "Namespace"), { name: "a" });
      assert.deepEqual(await placed({ name: "a" }, "NotYetDefined"), { name: "a" });
    });
  });

  describe("compares", () => {
    const diff = (old: PropertyMap, next: PropertyMap) => provider.diff(urn, type, old, next);

    it("equal inputs without asking anybody", async () => {
      assert.deepEqual(await diff(inputs(), inputs()), { changes: [], deleteFirst: false });
      assert.deepEqual(server.asked, []);
    });

    it("and asks the server what it would refuse, in a dry run", async () => {
      server.answers[`PATCH ${path}`] = { body: object("x") };
      const { changes } = await diff(inputs({ data: { b: "1" } }), inputs({ data: { b: "2" } }));
      assert.deepEqual(changes, [{ path: "data.b", kind: "update", replace: false }]);
      assert.match(
        server.asked.at(-1) ?? "",
        /^PATCH .*fieldManager=pulumi-kubernetes-\w+&dryRun=All$/,
      );
    });

    it("and replaces what the server says is immutable, the old object first", async () => {
      server.answers[`PATCH ${path}`] = {
        status: 422,
        body: {
          message: "",
          details: { causes: [{ field: "data", message: "field is immutable" }] },
        },
      };
      const next = inputs({ data: { b: "2" } }, { labels: { c: "d" } });
      assert.deepEqual(await diff(inputs({ data: { b: "1" } }), next), {
        changes: [
          { path: "metadata.labels", kind: "add", replace: false },
          { path: "data.b", kind: "update", replace: true },
        ],
        deleteFirst: true,
      });
    });

    it("and asks nothing where the answer is known, or cannot be", async () => {
      const renamed = await diff(inputs(), inputs({}, { name: "b" }));
      assert.deepEqual(renamed.changes, [{ path: "metadata.name", kind: "update", replace: true }]);
      assert.equal(renamed.deleteFirst, false, "two names can be there at once");
      const frozen = await diff(
        inputs({ data: { b: "1" }, immutable: true }),
        inputs({ data: { b: "2" }, immutable: true }),
      );
      assert.deepEqual(frozen.changes, [{ path: "data.b", kind: "update", replace: true }]);
      await diff(inputs(), inputs({ data: { b: UNKNOWN } }));
      assert.deepEqual(server.asked, []);
    });

    it("and makes the new object first when it is given a name of its own", async () => {
      const marked = { annotations: { [autonamed]: "true" } };
      const { deleteFirst } = await diff(
        inputs({ immutable: true, data: {} }, marked),
        inputs({ immutable: true, data: { a: "1" } }, marked),
      );
      assert.equal(deleteFirst, false);
    });
  });

  describe("previews", () => {
    it("a new object with its id, unless its name is not known yet", async () => {
      const { id } = await provider.create(inputs({ data: { a: UNKNOWN } }), operation(true));
      assert.equal(id, "n/a");
      const unknown = await provider.create(inputs({}, { name: UNKNOWN }), operation(true));
      assert.equal(unknown.id, "");
      assert.deepEqual(server.asked, [], "what is not known yet cannot be tried");
    });

    it("what its namespace or definition, which comes with it, keeps from being tried", async () => {
      const { outputs } = await provider.create(inputs({ data: { b: "c" } }), operation(true));
      assert.deepEqual(outputs.data, { b: "c" });
      const other = { ...inputs(), kind: "NotYetDefined" };
      assert.equal((await provider.create(other, operation(true))).id, "n/a");
    });
  });

  describe("creates", () => {
    it("nothing in the place of an object that is somebody else's", async () => {
      server.answers[`GET ${path}`] = { body: object("kubectl") };
      await assert.rejects(
        provider.create(inputs(), operation()),
        /^Error: ConfigMap n\/a already exists at .*Import it/,
      );
      assert.ok(server.asked.every((request) => request.startsWith("GET")));
    });

    it("again what an update made that did not come to its end", async () => {
      server.answers[`GET ${path}`] = { body: object(fieldManager(urn)) };
      server.answers[`PATCH ${path}`] = { body: object(fieldManager(urn)) };
      assert.equal((await provider.create(inputs(), operation())).id, "n/a");
    });

    it("what it should be over what a person changed with kubectl, in updates only", async () => {
      const body = object("kubectl-patch");
      const managedFields = [{ manager: "kubectl-patch", operation: "Update", fieldsV1: {} }];
      const touched = { ...body, metadata: { ...body.metadata, managedFields } };
      server.answers[`GET ${path}`] = { body: touched };
      server.answers[`PATCH ${path}`] = { body };
      await provider.update(inputs(), operation(true));
      assert.equal(server.asked.length, 2, "a preview took fields over");
      await provider.update(inputs(), operation());
      const patches = server.asked.filter((request) => request === `PATCH ${path}`);
      assert.equal(patches.length, 1, server.asked.join("\n"));
    });

    it("by force only where the program asks for it", async () => {
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

  describe("reads", () => {
    it("nothing where there is nothing, or no definition", async () => {
      assert.equal(await provider.read("n/a", inputs(), type), undefined);
      const unknown = "kubernetes:example.com/v1:Thing";
      assert.equal(await provider.read("n/a", {}, unknown), undefined);
    });

    it("the inputs as they are now; all of them for an import", async () => {
      server.answers[`GET ${path}`] = { body: object("x", { data: { b: "2", c: "3" } }) };
      const known = await provider.read("n/a", inputs({ data: { b: "1" } }), type);
      assert.deepEqual(known?.inputs.data, { b: "2" });
      const imported = await provider.read("n/a", {}, type);
      assert.deepEqual(imported?.inputs, inputs({ data: { b: "2", c: "3" } }));
    });
  });

  describe("deletes", () => {
    const remove = () => provider.delete("n/a", inputs(), { metadata: { uid: "1" } }, operation());

    it("what is gone already, or has another in its place, without an error", async () => {
      await remove();
      server.answers[`DELETE ${path}`] = { status: 409, body: { message: "uid" } };
      await remove();
    });

    it("nothing that it may not", async () => {
      server.answers[`DELETE ${path}`] = { status: 403, body: { message: "no" } };
      await assert.rejects(remove(), /ConfigMap n\/a at .*: not allowed: no\./);
    });
  });
});
