import { systemsToSave } from "../components/backup";
import { show, type ConfigError } from "../errors";
import type { ParsedSections } from "./sections";

const key = "platform:components.backup";

/** What the backup's own keys cannot tell: that there is something to save. */
export function backupChecks({ components }: ParsedSections): ConfigError[] {
  if (components?.backup === undefined) return [];
  const sources = systemsToSave(components);
  if (sources.length === 0) {
    return [
      {
        key,
        message:
          "is given, but nothing here is to be saved; allowed is a stack with ci, registry, artifacts, monitoring or logging, or with etcd below",
      },
    ];
  }
  return components.backup.suspended.flatMap((system, index) =>
    sources.includes(system)
      ? []
      : [
          {
            key: `${key}.suspended[${index}]`,
            message: `${show(system)} is given, which this stack does not save; allowed is one of ${sources.sort().join(", ")}`,
          },
        ],
  );
}
