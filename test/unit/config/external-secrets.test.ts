import assert from "node:assert/strict";
import { parseStack, templateOf, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const secretStores = { vault: { keys: ["{team}/"] } };
const login = { store: "vault", data: { password: { key: "commerce/login", version: "3" } } };
const secretEnv = { PASSWORD: { secret: "login", key: "password" } };

function parsed(fields: object, more: object = {}): StackConfig {
  const shop = { ...small.apps.shop, secretEnv, ...fields };
  return parseStack("dev", { ...small, secretStores, apps: { shop }, ...more });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));
const templateFor = (fields: object) => templateOf(parsed(fields).apps["shop"]!);

describe("an app's Secrets from a store", () => {
  it("come from a store of the stack, a ClusterSecretStore by default", () => {
    const stack = parsed({ externalSecrets: { login } });
    assert.deepEqual(stack.secretStores, {
      vault: { kind: "ClusterSecretStore", keys: ["{team}/"] },
    });
    assert.deepEqual(stack.apps["shop"]?.externalSecrets, { login });
    assert.deepEqual(errorsOf({ externalSecrets: { login: { ...login, store: "gone" } } }), [
      'platform:apps.shop.externalSecrets.login.store: expected a store of platform:secretStores (vault), got "gone"',
    ]);
  });

  it("come from a shared store only with the keys that the stack permits", () => {
    const team = small.components.tenancy.teams.commerce;
    const errors = (keys: string[] | undefined, key: string, version?: string, store = {}) => {
      const data = { password: { key, ...(version && { version }) } };
      return errorsOf(
        { externalSecrets: { login: { store: "vault", data } } },
        {
          secretStores: { vault: { ...(keys && { keys }), ...store } },
          components: { ...small.components, tenancy: { teams: { commerce: team } } },
        },
      );
    };
    const place = "platform:apps.shop.externalSecrets.login.data.password";
    assert.deepEqual(errors(["{team}/"], "content/database"), [
      `${place}.key: expected a key that starts with commerce/ (platform:secretStores.vault.keys), got "content/database"; use a key below it, or let the owner of the store add a prefix to platform:secretStores.vault.keys`,
    ]);
    assert.deepEqual(errors(["{team}/"], "commerce/../content/database"), [
      `${place}.key: expected a key without empty segments, ".", "..", spaces and \\ % ? #, because platform:secretStores.vault.keys limits the keys, got "commerce/../content/database"`,
    ]);
    const permitted: [keys: string[], key: string, version?: string][] = [
      [["{team}/"], "commerce/database"],
      [["{team}/"], "commerce/a/b", "uuid/3"],
      [["all/", "kv/{team}/{app}/"], "kv/commerce/shop/a"],
      [["all/", "kv/{team}/{app}/"], "all/a"],
      [["/{team}/"], "/commerce/a"],
      [["{team}_"], "commerce_database"],
      [["{team}-secrets/"], "commerce-secrets/a"],
      [[""], "content/../database"],
    ];
    for (const [keys, key, version] of permitted) {
      assert.deepEqual(errors(keys, key, version), [], `${keys.join(" ")} ${key}`);
    }
    const refused: [keys: string[], key: string, version?: string][] = [
      [["{team}/"], "commerce"],
      [["{team}/"], "commerce/"],
      [["{team}/"], "commerce2/a"],
      [["{team}/"], "/commerce/a"],
      [["{team}/"], "commerce//a"],
      [["{team}/"], "commerce/./a"],
      [["{team}/"], "commerce/a/.."],
      [["{team}/"], "commerce/%2e%2e/content"],
      [["{team}/"], "commerce/a?path=content"],
      [["{team}/"], "commerce/a\\..\\content"],
      [["{team}/"], "commerce/\n/a"],
      [["{team}/"], "commerce/a", "../../content/a"],
      [["{team}_"], "commerce-database"],
      [["{team}/{app}/"], "commerce/cart/a"],
      [["{team}/"], "{team}/a"],
    ];
    for (const [keys, key, version] of refused) {
      assert.equal(errors(keys, key, version).length, 1, `${keys.join(" ")} ${key}`);
    }
    // The credentials of a team's own store limit what it reads.
    assert.deepEqual(errors(undefined, "any", undefined, { kind: "SecretStore" }), []);
    assert.equal(errors(["{team}/"], "any", undefined, { kind: "SecretStore" }).length, 1);
  });

  it("come from a shared store that limits what each app can read", () => {
    const errors = (store: object) => errorsOf({}, { secretStores: { vault: store } });
    assert.deepEqual(errors({}), [
      'platform:secretStores.vault.keys: expected prefixes of the keys that an app can read, got nothing; every team reads from a ClusterSecretStore with the same credentials; set ["{team}/"], or [""] to let every app read every key',
    ]);
    const wrong = [
      ...["{team}", "shop", "{team}-", "{app}/", "{app}/{team}/", "{team}{app}/", "{team}-{app}/"],
      ...["{other}/", "{team}/../", "../{team}/", "{team}//", "./", "//", "{team}/{team}/"],
      ...["{team}/ /", "%/{team}/", "{team}/.", "{team}/.."],
    ];
    for (const prefix of wrong) {
      const [error = "none", ...more] = errors({ keys: [prefix] });
      assert.match(error, /vault\.keys\[0\]: expected a prefix such as \{team\}\/ /, prefix);
      assert.deepEqual(more, []);
    }
    assert.equal(errors({ keys: [] }).length, 1);
  });

  it("have the keys that variables name", () => {
    const externalSecrets = { login: { ...login, data: { user: { key: "commerce/login" } } } };
    assert.deepEqual(errorsOf({ externalSecrets }), [
      'platform:apps.shop.secretEnv.PASSWORD.key: expected a key of externalSecrets.login (user), got "password"',
    ]);
    assert.match(
      errorsOf({ externalSecrets: { login: { store: "vault", data: {} } } }).join("\n"),
      /externalSecrets\.login\.data: expected at least one key, got none/,
    );
    // A Secret that is created by hand is not checked.
    assert.deepEqual(errorsOf({}), []);
  });

  it("are separate objects, even in apps whose names would produce the same one", () => {
    const shop = { ...small.apps.shop, externalSecrets: { "api-db": login } };
    const api = (secret: object) => ({
      ...small.apps.shop,
      ...{ domain: "b.platform.test", number: 8 },
      externalSecrets: { db: secret },
    });
    const errors = (secret: object) => errorsOf({}, { apps: { shop, "shop-api": api(secret) } });
    assert.match(
      errors(login).join("\n"),
      /shop-api\.externalSecrets\.db: expected a name of a Secret that nothing else uses, got "shop-api-db", which platform:apps\.shop\.externalSecrets\.api-db uses/,
    );
    const newer = { ...login, data: { password: { key: "commerce/login", version: "4" } } };
    assert.deepEqual(errors(newer), []);
  });

  it("belong to a release: another version of a value is another revision", () => {
    const of = (version: string) => ({
      login: { ...login, data: { password: { key: "commerce/login", version } } },
    });
    const before = templateFor({ externalSecrets: of("3") });
    assert.deepEqual(before.externalSecrets, of("3"));
    assert.notDeepEqual(templateFor({ externalSecrets: of("4") }), before);
    assert.equal("externalSecrets" in templateFor({}), false);
  });
});
