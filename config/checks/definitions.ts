import type { ComponentsConfig } from "../components";
import { duplicates, type ConfigError } from "../errors";

/**
 * Checks that no two parts declare the same file of custom resource definitions, which would declare each
 * object twice.
 */
export function definitionChecks(components: ComponentsConfig | undefined): ConfigError[] {
  const root = "platform:components";
  const files = [
    [`${root}.gateway.crds`, components?.gateway?.crds],
    [`${root}.gateway.middlewares.crds`, components?.gateway?.middlewares?.crds],
    [`${root}.autoscaling.keda.crds`, components?.autoscaling?.keda?.crds],
    [`${root}.storage.snapshots.crds`, components?.storage?.snapshots?.crds],
  ] as const;
  return duplicates(
    files.flatMap(([key, crds]): [string, string][] =>
      crds === undefined ? [] : [[`${key}.sha256`, crds.sha256]],
    ),
    "a checksum of definitions",
  );
}
