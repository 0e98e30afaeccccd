import assert from "node:assert/strict";
import type { PackageEntry } from "../../../../program/charts/entries";
import { checkObjects } from "../../../../program/charts/problems";

const key = "platform:components.manifests.own";
const own: PackageEntry = {
  kind: "manifests",
  name: "own",
  key,
  stack: "dev",
  namespace: "content-dev",
  level: "restricted",
  kubernetes: "1.36",
  place: { team: "content", clusterKinds: [] },
  secretStores: {
    vault: { kind: "ClusterSecretStore", keys: ["{team}/"] },
    open: { kind: "ClusterSecretStore", keys: [""] },
    mine: { kind: "SecretStore" },
  },
  config: { folder: "yaml", clusterKinds: [] },
};
const vault = { name: "vault", kind: "ClusterSecretStore" };
const read = (spec: object, kind = "ExternalSecret") => ({
  apiVersion: "external-secrets.io/v1",
  kind,
  metadata: { name: "x" },
  spec,
});
const entry = (remote: string, version?: string) => ({
  secretKey: "a",
  remoteRef: { key: remote, ...(version && { version }) },
});
const errors = (object: object, brought = own) =>
  checkObjects(brought, [object]).problems.map(({ message }) => message);

describe("values that a team's package reads from a shared store", () => {
  it("are limited to those that an app of the team may read", () => {
    assert.deepEqual(errors(read({ secretStoreRef: vault, data: [entry("content/a", "3")] })), []);
    const [error = "none"] = errors(
      read({ secretStoreRef: vault, data: [entry("shop/database")] }),
    );
    assert.equal(
      error,
      'ExternalSecret content-dev/x: expected a key that starts with content/ (platform:secretStores.vault.keys), got "shop/database"; use a key below it, or let the owner of the store add a prefix to platform:secretStores.vault.keys',
    );
  });

  it("are refused wherever an object names the entry", () => {
    const storeRef = vault;
    const refused: [title: string, object: object, error: RegExp][] = [
      [
        "in dataFrom",
        read({ secretStoreRef: vault, dataFrom: [{ extract: { key: "shop/a" } }] }),
        /a key that starts with content\//,
      ],
      [
        "with a store of its own",
        read({ dataFrom: [{ extract: { key: "shop/a" }, sourceRef: { storeRef } }] }),
        /a key that starts with content\//,
      ],
      [
        "in a value with a store of its own",
        read({
          secretStoreRef: { name: "mine" },
          data: [{ ...entry("content/../shop"), sourceRef: { storeRef } }],
        }),
        /a key without empty segments/,
      ],
      [
        "by a version",
        read({ secretStoreRef: vault, data: [entry("content/a", "../../shop")] }),
        /a version without empty segments/,
      ],
      [
        "by a search",
        read({ secretStoreRef: vault, dataFrom: [{ find: { name: { regexp: ".*" } } }] }),
        /expected single keys, because platform:secretStores\.vault\.keys limits the keys, got a search/,
      ],
      [
        "in a store that the stack does not list",
        read({ secretStoreRef: { ...vault, name: "admin" }, data: [entry("content/a")] }),
        /expected a ClusterSecretStore of platform:secretStores \(open, vault\), got "admin"/,
      ],
      [
        "in a ClusterSecretStore with the name of the teams' own",
        read({ secretStoreRef: { ...vault, name: "mine" }, data: [entry("content/a")] }),
        /expected a ClusterSecretStore of platform:secretStores/,
      ],
      [
        "to write",
        read({ secretStoreRefs: [vault] }, "PushSecret"),
        /expected no object of a team that uses a ClusterSecretStore other than ExternalSecrets, got PushSecret/,
      ],
      [
        "for the whole cluster",
        read({ externalSecretSpec: {} }, "ClusterExternalSecret"),
        /other than ExternalSecrets, got ClusterExternalSecret/,
      ],
    ];
    for (const [title, object, error] of refused) {
      const [found = "none", ...more] = errors(object);
      assert.match(found, error, title);
      assert.deepEqual(more, [], title);
    }
  });

  it("can be any in a store of the team, or in one that permits everything", () => {
    const find = { find: { name: { regexp: ".*" } } };
    for (const secretStoreRef of [{ name: "mine" }, { ...vault, name: "open" }]) {
      const spec = { secretStoreRef, data: [entry("shop/a")], dataFrom: [find] };
      assert.deepEqual(errors(read(spec)), []);
    }
    assert.deepEqual(errors(read({ secretStoreRefs: [{ name: "mine" }] }, "PushSecret")), []);
  });

  it("can be any in a package of the operators", () => {
    const operators = { ...own, place: { clusterKinds: [] } };
    const spec = { secretStoreRef: vault, data: [entry("shop/a")] };
    assert.deepEqual(errors(read(spec), operators), []);
  });

  it("never make the check crash, whatever the fields", () => {
    for (const spec of [
      null,
      1,
      [],
      { data: [1], dataFrom: "x" },
      { secretStoreRef: vault, data: [{}] },
    ]) {
      errors(read(spec as object));
    }
  });
});
