import { systemsToSave } from "../components/backup";
import { expected, show, type ConfigError } from "../errors";
import type { ParsedSections } from "./sections";

const key = "platform:components.backup";

/** Checks that the stack has something to back up. */
export function backupChecks({ components }: ParsedSections): ConfigError[] {
  if (components?.backup === undefined) return [];
  const sources = systemsToSave(components);
  if (sources.length === 0) {
    return [
      {
        key,
        message: expected(
          "something to back up: ci, registry, artifacts, monitoring or logging in this stack, backup.etcd or backup.gitlab",
          "nothing",
        ),
      },
    ];
  }
  return components.backup.suspended.flatMap((system, index) =>
    sources.includes(system)
      ? []
      : [
          {
            key: `${key}.suspended[${index}]`,
            message: expected(
              `a system that this stack backs up (${sources.sort().join(", ")})`,
              show(system),
            ),
          },
        ],
  );
}
