import assert from "node:assert/strict";
import { stepRules } from "../../../policy/rules";
import { readSteps } from "../../../policy/steps";

interface Resource {
  kind?: string;
  apiVersion?: string;
  /** Namespace and name. */
  path?: string;
  /** Name in the program. */
  id?: string;
  /** Types of its parents. */
  parents?: string;
  retainOnDelete?: boolean;
}

/** Returns a step in the format of `pulumi preview --json`, and its URN. */
function step(op: string, old?: Resource, next?: Resource) {
  const state = ({ apiVersion = "v1", kind = "ConfigMap", ...given }: Resource) => {
    const [name, namespace] = (given.path ?? "commerce/notes").split("/").reverse();
    const inputs = { apiVersion, kind, metadata: { name, namespace } };
    const type = `kubernetes:${apiVersion}:${kind}`;
    const { parents = "platform:charts:Package$", id = "notes/notes" } = given;
    const urn = `urn:pulumi:prod::platform::${parents}${type}::${id}`;
    return { type, urn, inputs, retainOnDelete: given.retainOnDelete };
  };
  const [before, after] = [old && state(old), next && state(next)];
  const { urn } = after ?? before ?? { urn: "" };
  return { op, urn, oldState: before, newState: after };
}

function findings(id: string, ...steps: object[]): string[] {
  const rule = stepRules.find((each) => each.id === id);
  const list = readSteps(JSON.stringify({ steps }));
  const policy = { environment: "dev" as const, nodePorts: { min: 30_000, max: 32_767 } };
  return rule!.check(list, policy).map(({ object, message }) => `${object}: ${message}`);
}

/** Returns the findings of an update that creates one resource and deletes another. */
function moved(from: Resource, to: Resource): string[] {
  return findings("createExisting", step("create", undefined, to), step("delete", from));
}

const late =
  "the update would create it before it deletes the former one, which the API server refuses.";

describe("createExisting", () => {
  it("accepts other objects, and those that the engine deletes first", () => {
    for (const other of [
      { path: "commerce/others" },
      { path: "content/notes" },
      { path: "notes" },
      { kind: "Secret" },
      { apiVersion: "example.com/v1" },
    ]) {
      assert.deepEqual(moved({ id: "a" }, { ...other, id: "b" }), [], JSON.stringify(other));
    }
    const one = { path: "commerce/notes" };
    for (const op of ["replace", "create-replacement", "delete-replaced"]) {
      assert.deepEqual(findings("createExisting", step(op, one, one)), [], op);
    }
    assert.deepEqual(findings("createExisting", step("update", one, one), step("same", one)), []);
  });

  it("accepts an object that moves to another namespace, and stays in the former one", () => {
    const claim = { kind: "PersistentVolumeClaim", retainOnDelete: true };
    const steps = ["replace", "create-replacement", "delete-replaced"].map((op) =>
      step(op, { ...claim, path: "commerce/files" }, { ...claim, path: "shops/files" }),
    );
    assert.deepEqual(findings("createExisting", ...steps), []);
    assert.deepEqual(findings("deleteData", ...steps), []);
  });

  it("finds an entry of charts or manifests with another name", () => {
    assert.deepEqual(moved({ id: "notes/notes" }, { id: "notebook/notes" }), [
      `ConfigMap commerce/notes: expected one resource that declares it, got notebook/notes and, until now, notes/notes: ${late} ` +
        "If notes in platform:components is now named notebook, set formerly: notes there. If the object moves from notes to notebook, " +
        "rename it in the state: pulumi state rename --yes 'urn:pulumi:prod::platform::platform:charts:Package$kubernetes:v1:ConfigMap::notes/notes' 'notebook/notes' --stack prod",
    ]);
  });

  it("finds the same entry even if the version of the object's API differs, too", () => {
    const shelf = { kind: "Shelf", apiVersion: "example.com/v1gamma1", id: "notes/notes" };
    const [found] = moved(shelf, { ...shelf, apiVersion: "example.com/v1", id: "notebook/notes" });
    assert.match(
      found ?? "",
      /is now named notebook, set formerly: notes there\. If it is set, change the apiVersion in another update\.$/,
    );
  });

  it("finds an object with another name in the program, also one that stays when it is deleted", () => {
    const parents = "platform:app:App$";
    for (const retainOnDelete of [false, true]) {
      assert.deepEqual(
        moved(
          { parents, kind: "Service", id: "shop", retainOnDelete },
          { parents, kind: "Service", id: "shop-new" },
        ),
        [
          `Service commerce/notes: expected one resource that declares it, got shop-new and, until now, shop: ${late} ` +
            "Rename it in the state: pulumi state rename --yes 'urn:pulumi:prod::platform::platform:app:App$kubernetes:v1:Service::shop' 'shop-new' --stack prod",
        ],
      );
    }
  });

  it("finds an object of another parent, and does not call its data lost", () => {
    const steps = [
      step("create", undefined, {
        kind: "Namespace",
        path: "notes",
        id: "notes",
        parents: "platform:tenancy:Tenancy$",
      }),
      step("delete", { kind: "Namespace", path: "notes", id: "notes" }),
    ];
    assert.deepEqual(findings("createExisting", ...steps), [
      `Namespace notes: expected one resource that declares it, got notes and, until now, notes of another type: ${late} ` +
        "Remove it in one update, and declare it in a second update, which creates it again",
    ]);
    assert.deepEqual(findings("deleteData", ...steps), []);
    assert.equal(findings("deleteData", ...steps.slice(1)).length, 1);
  });

  it("finds an object in another version of its API", () => {
    const kind = "Certificate";
    assert.deepEqual(
      moved({ kind, apiVersion: "example.com/v1gamma1" }, { kind, apiVersion: "example.com/v1" }),
      [
        `Certificate commerce/notes: expected one resource that declares it, got notes/notes and, until now, notes/notes of another type: ${late} ` +
          "Keep its apiVersion example.com/v1gamma1, or add the version to commonVersions in components/shared/custom-resource.ts",
      ],
    );
  });

  it("finds an object with the name that a replaced one gives up", () => {
    const renamed = step(
      "replace",
      { id: "a", path: "commerce/one" },
      { id: "a", path: "commerce/two" },
    );
    const taking = step("create", undefined, { id: "b", path: "commerce/one" });
    const found = findings("createExisting", renamed, taking);
    assert.equal(found.length, 1);
    assert.match(
      found[0]!,
      /^ConfigMap commerce\/one: expected one resource .* got b and, until now, a:/,
    );
  });

  it("finds a claim that stays when it is replaced, whatever its annotations allow", () => {
    const claim = { kind: "PersistentVolumeClaim", path: "commerce/files", retainOnDelete: true };
    const steps = ["replace", "create-replacement", "delete-replaced"].map((op) =>
      step(op, claim, claim),
    );
    for (const { oldState } of steps) {
      Object.assign(oldState!.inputs.metadata, {
        annotations: { "platform/allow-deletion": "true" },
      });
    }
    assert.deepEqual(findings("createExisting", ...steps), [
      "PersistentVolumeClaim commerce/files: the class and the access modes of a claim cannot change, and it stays in the cluster when the program replaces it: the update could not create another one of this name. Leave them as they are, or add a volume under another name and copy the files (docs/guides/kinds-of-apps.md). If an update has already failed to replace it, then run: npx platform recover prod",
    ]);
    assert.deepEqual(findings("deleteData", ...steps), []);
  });
});
