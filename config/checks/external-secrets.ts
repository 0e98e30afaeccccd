import { lookup } from "../lookup";
import { forbiddenKey } from "../store-keys";
import type { Apps, ParsedSections } from "./sections";
import { expected, keyOf, listed, show, type ConfigError } from "../errors";

/** Stores by name, with the prefixes of the keys that apps can read. */
type SecretStores = Readonly<Record<string, { kind: string; keys?: string[] }>>;

const root = "platform:secretStores";

/** Checks the stores and keys that apps' external secrets name. */
export function externalSecretChecks(apps: Apps, { secretStores }: ParsedSections): ConfigError[] {
  const stores = Object.keys(secretStores ?? {}).sort();
  return apps
    .flatMap(([app, { externalSecrets, secretEnv }]) => {
      const key = (...path: string[]) => keyOf("platform:apps", [app, ...path]);
      const unknownStores = Object.entries(externalSecrets)
        .filter(([, { store }]) => secretStores !== undefined && !stores.includes(store))
        .map(([secret, { store }]) => ({
          key: key("externalSecrets", secret, "store"),
          message: expected(`a store of ${root} (${listed(stores)})`, show(store)),
        }));
      const unknownKeys = Object.entries(secretEnv).flatMap(
        ([variable, { secret, key: asked }]) => {
          const keys = Object.keys(externalSecrets[secret]?.data ?? {}).sort();
          if (!Object.hasOwn(externalSecrets, secret) || keys.includes(asked)) return [];
          const message = expected(
            `a key of externalSecrets.${secret} (${listed(keys)})`,
            show(asked),
          );
          return [{ key: key("secretEnv", variable, "key"), message }];
        },
      );
      return [...unknownStores, ...unknownKeys];
    })
    .concat(forbiddenKeys(apps, secretStores ?? {}));
}

/**
 * Returns an error for each key that an app must not read from its store.
 * @param stores the rules of the stores.
 * @param where whose rules they are, for errors. Default: those of the app's own stack.
 */
function forbiddenKeys(apps: Apps, stores: SecretStores, where = ""): ConfigError[] {
  return apps.flatMap(([app, { team, externalSecrets }]) =>
    Object.entries(externalSecrets).flatMap(([secret, { store, data }]) => {
      const prefixes = lookup(stores, store)?.keys;
      if (prefixes === undefined) return [];
      const rule = { prefixes, key: `${keyOf(root, [store, "keys"])}${where}` };
      return Object.entries(data).flatMap(([name, source]) => {
        const error = forbiddenKey(source, { team, app }, rule);
        if (error === undefined) return [];
        const path = [app, "externalSecrets", secret, "data", name, error.field];
        return [{ key: keyOf("platform:apps", path), message: error.message }];
      });
    }),
  );
}

/**
 * Returns the errors of an app stack whose platform stack lists stores: it can name only these, and their `keys` there
 * apply in addition to its own. A SecretStore is the team's own, so the platform stack need not list it.
 */
export function platformStoreErrors(
  apps: Apps,
  own: SecretStores,
  ofPlatform: SecretStores,
): ConfigError[] {
  const shared = Object.entries(own).filter(([, { kind }]) => kind === "ClusterSecretStore");
  const known = Object.entries(ofPlatform).filter(([, { kind }]) => kind === "ClusterSecretStore");
  const names = known.map(([name]) => name).sort();
  const unknown = shared
    .filter(([name]) => !names.includes(name))
    .map(([name]) => {
      const what = `a ClusterSecretStore of the platform stack (${listed(names)})`;
      const next = "add it with its keys to platform:secretStores of the platform stack";
      return { key: keyOf(root, [name]), message: expected(what, show(name), next) };
    });
  const limited = known.filter(([name]) => lookup(own, name)?.kind === "ClusterSecretStore");
  return [
    ...unknown,
    ...forbiddenKeys(apps, Object.fromEntries(limited), " of the platform stack"),
  ];
}
