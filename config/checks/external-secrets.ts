import type { Apps, ParsedSections } from "./sections";
import { expected, keyOf, listed, show, type ConfigError } from "../errors";

/** Checks the stores and keys that apps' external secrets name. */
export function externalSecretChecks(apps: Apps, { secretStores }: ParsedSections): ConfigError[] {
  const stores = Object.keys(secretStores ?? {}).sort();
  return apps.flatMap(([app, { externalSecrets, secretEnv }]) => {
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
}
