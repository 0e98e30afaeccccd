import { keyOf, show, taken, type ConfigError } from "../errors";
import { objectNames } from "../object-names";
import type { Apps } from "./sections";

/**
 * Checks that no two apps declare one object. The engine refuses a name twice in two namespaces as well, because they
 * are not part of a resource's name.
 */
export function objectNameChecks(apps: Apps): ConfigError[] {
  const owners = new Map<string, string>();
  return apps.flatMap(([app, config]) =>
    objectNames(app, config).flatMap(({ kind, path, name, id }) => {
      const key = keyOf("platform:apps", [app, ...path]);
      const owner = owners.get(id);
      if (owner === undefined) {
        owners.set(id, key);
        return [];
      }
      return [{ key, message: taken(kind, show(name), owner) }];
    }),
  );
}
