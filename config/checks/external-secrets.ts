import type { Apps, ParsedSections } from "./sections";
import { expected, keyOf, listed, show, taken, type ConfigError } from "../errors";

/** Checks the stores and keys that apps' external secrets name, and that each is an object of its own. */
export function externalSecretChecks(apps: Apps, { secretStores }: ParsedSections): ConfigError[] {
  const stores = Object.keys(secretStores ?? {}).sort();
  const unknown = apps.flatMap(([app, { externalSecrets, secretEnv }]) => {
    const key = (...path: string[]) => keyOf("platform:apps", [app, ...path]);
    const unknownStores = Object.entries(externalSecrets)
      .filter(([, { store }]) => secretStores !== undefined && !stores.includes(store))
      .map(([secret, { store }]) => ({
        key: key("externalSecrets", secret, "store"),
        message: expected(`a store of platform:secretStores (${listed(stores)})`, show(store)),
      }));
    const unknownKeys = Object.entries(secretEnv).flatMap(([variable, { secret, key: asked }]) => {
      const keys = Object.keys(externalSecrets[secret]?.data ?? {}).sort();
      if (!Object.hasOwn(externalSecrets, secret) || keys.includes(asked)) return [];
      const message = expected(`a key of externalSecrets.${secret} (${listed(keys)})`, show(asked));
      return [{ key: key("secretEnv", variable, "key"), message }];
    });
    return [...unknownStores, ...unknownKeys];
  });
  return [...unknown, ...sameObjects(apps)];
}

/**
 * Checks that no two Secrets with the same values have one name, `<app>-<name>`: they would be one object, which the
 * engine refuses, and which would be deleted for both apps with the first of them.
 */
function sameObjects(apps: Apps): ConfigError[] {
  const owners = new Map<string, string>();
  return apps.flatMap(([app, { externalSecrets }]) =>
    Object.entries(externalSecrets).flatMap(([secret, { store, data }]) => {
      const key = keyOf("platform:apps", [app, "externalSecrets", secret]);
      const values = Object.keys(data)
        .sort()
        .map((name) => [name, data[name]?.key, data[name]?.property, data[name]?.version]);
      const object = JSON.stringify([`${app}-${secret}`, store, values]);
      const owner = owners.get(object);
      if (owner === undefined) {
        owners.set(object, key);
        return [];
      }
      return [{ key, message: taken("a name of a Secret", show(`${app}-${secret}`), owner) }];
    }),
  );
}
