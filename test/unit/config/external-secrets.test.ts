import assert from "node:assert/strict";
import { parseStack, templateOf, type StackConfig } from "../../../config";
import { errorsIn } from "./errors-of";
import { small } from "./small";

const login = { store: "vault", data: { password: { key: "shop/login", version: "3" } } };
const secretEnv = { PASSWORD: { secret: "login", key: "password" } };

function parsed(fields: object, more: object = {}): StackConfig {
  const shop = { ...small.apps.shop, secretEnv, ...fields };
  return parseStack("dev", { ...small, secretStores: { vault: {} }, apps: { shop }, ...more });
}

const errorsOf = (...args: Parameters<typeof parsed>) => errorsIn(() => parsed(...args));
const templateFor = (fields: object) => templateOf(parsed(fields).apps["shop"]!);

describe("an app's Secrets out of a store", () => {
  it("come from a store of the stack, the cluster's own unless it says otherwise", () => {
    const stack = parsed({ externalSecrets: { login } });
    assert.deepEqual(stack.secretStores, { vault: { kind: "ClusterSecretStore" } });
    assert.deepEqual(stack.apps["shop"]?.externalSecrets, { login });
    assert.deepEqual(errorsOf({ externalSecrets: { login: { ...login, store: "gone" } } }), [
      'platform:apps.shop.externalSecrets.login.store: expected a store of platform:secretStores (vault), got "gone"',
    ]);
  });

  it("have the keys that variables name", () => {
    const externalSecrets = { login: { ...login, data: { user: { key: "shop/login" } } } };
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

  it("are objects of their own, also in apps whose names would make the same one", () => {
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
    const newer = { ...login, data: { password: { key: "shop/login", version: "4" } } };
    assert.deepEqual(errors(newer), []);
  });

  it("belong to a release: another version of a value is another revision", () => {
    const of = (version: string) => ({
      login: { ...login, data: { password: { key: "shop/login", version } } },
    });
    const before = templateFor({ externalSecrets: of("3") });
    assert.deepEqual(before.externalSecrets, of("3"));
    assert.notDeepEqual(templateFor({ externalSecrets: of("4") }), before);
    assert.equal("externalSecrets" in templateFor({}), false);
  });
});
